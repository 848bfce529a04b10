"""DynamoDB: what is kept, and how it is written together."""
