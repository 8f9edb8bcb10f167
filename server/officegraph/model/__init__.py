"""SKOS and RDF as Python sees them. No input or output happens here."""
