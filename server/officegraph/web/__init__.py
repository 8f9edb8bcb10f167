"""The Flask application: thin views over the layers beneath."""
