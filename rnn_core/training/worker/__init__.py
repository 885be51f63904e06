"""The worker's side: one training from its spec to its weights, and what it tells the store on the way."""
