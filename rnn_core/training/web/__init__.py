"""The web process' side: starts the cluster, keeps it alive, gives it the runs that wait. Never imports Keras."""
