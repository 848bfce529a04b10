"""The whole system on one machine: cloud, campus, deployment, first load, and a change made to watch it arrive."""
