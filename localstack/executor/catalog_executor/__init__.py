"""What LocalStack needs on a host without Docker: functions as processes, DynamoDB Local bound to loopback."""
