-- gold.visits_monthly, as gold.visits_daily has it: each visit is of one day. The lists of the days become one, with the
-- sum of each key.
SELECT
    tenant_id,
    date_trunc('month', day) AS month,
    sum(visits) AS visits,
    sum(known_visits) AS known_visits,
    sum(bounces) AS bounces,
    sum(events) AS events,
    sum(product_view_events) AS product_view_events,
    sum(seconds) AS seconds,
    sum(viewing_visits) AS viewing_visits,
    sum(cart_visits) AS cart_visits,
    sum(checkout_visits) AS checkout_visits,
    sum(purchase_visits) AS purchase_visits,
    CAST(
        array_sort(
            map_entries(
                transform_values(
                    multimap_from_entries(flatten(array_agg(journeys))),
                    (journey, counts) -> reduce(counts, BIGINT '0', (total, one) -> total + one, total -> total)
                )
            )
        ) AS array(ROW (journey varchar, visits bigint))
    ) AS journeys,
    CAST(
        array_sort(
            map_entries(
                transform_values(
                    multimap_from_entries(flatten(array_agg(abandoned_products))),
                    (product, counts) -> reduce(counts, BIGINT '0', (total, one) -> total + one, total -> total)
                )
            )
        ) AS array(ROW (product_id bigint, units bigint))
    ) AS abandoned_products
FROM gold.visits_daily
GROUP BY tenant_id, date_trunc('month', day)
