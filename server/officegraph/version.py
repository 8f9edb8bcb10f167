"""The version of the software; the version of the data is stated in ``data/dataset.ttl``."""

__version__ = "0.1.0"
