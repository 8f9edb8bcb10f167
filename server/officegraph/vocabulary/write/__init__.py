"""Write RDF, term for term as it was read, in an order that depends on the content alone."""
