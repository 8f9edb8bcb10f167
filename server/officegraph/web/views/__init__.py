"""One blueprint a concern; each view looks something up and hands it to :mod:`officegraph.web.respond`."""
