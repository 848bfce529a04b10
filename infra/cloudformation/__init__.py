"""The tables of infra as one CloudFormation template."""
