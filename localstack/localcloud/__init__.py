"""The local cloud: AWS's APIs and a search engine on loopback, without Docker where there is none."""
