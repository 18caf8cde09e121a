"""What the records say to a question: answers to objections, comparisons, routes to choose from, packs, references, counts."""
