CASE WHEN {alias}.overrides IS NULL THEN {alias}b.claims
     ELSE coalesce({alias}b.claims, '{}') || (
         SELECT jsonb_object_agg(e.key, e.value -> 0) FROM jsonb_each({alias}.overrides) e)
     END AS {alias}_facts,
{alias}.overrides AS {alias}_over,
{alias}.valid_from - date '1800-01-01' AS {alias}_day,
{alias}.disputed AS {alias}_disputed
