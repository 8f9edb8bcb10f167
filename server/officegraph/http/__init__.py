"""The rules of HTTP as pure functions: negotiation, conditions, problems, IRIs. No Flask here."""
