"""The cloud that the catalog runs in, as tables: stores, topics, queues, functions, rights, alarms."""
