"""What programs may rely on: the documents that lenrx takes and gives, as JSON Schema.

One declaration of each document checks, parses and is printed. Nothing else imports this room:
pydantic is loaded only where a schema is asked for.
"""
