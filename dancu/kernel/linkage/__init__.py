"""Record linkage of Vietnamese people: which records speak of the same person.

``types``, ``prepared``, ``comparisons``, ``model``, ``scoring`` and ``clusters`` are plain Python;
``engine``, ``training`` and ``index`` need the extra ``analytics`` (DuckDB, Splink). How it works
stands in docs/explanation/linkage.md.
"""
