package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is drawn by itself: the rows of one tenant, in one currency if the result has any.
 *
 * @param tenant its slug
 * @param currency of the rows' amounts
 * @param rows in the order of the result
 */
record Panel(String tenant, Optional<String> currency, List<List<String>> rows) {

    Panel {
        requireNonNull(tenant, "tenant");
        requireNonNull(currency, "currency");
        rows = List.copyOf(rows);
    }

    /** The panels of an answer, in its order. */
    static List<Panel> of(MetricAnswer answer) {
        int tenant = answer.index("tenant").orElseThrow();
        OptionalInt currency = answer.index("currency");
        Map<List<String>, List<List<String>>> rows = new LinkedHashMap<>();
        for (List<String> row : answer.rows()) {
            String money = currency.isPresent() ? row.get(currency.getAsInt()) : null;
            rows.computeIfAbsent(
                            List.of(row.get(tenant), Optional.ofNullable(money).orElse("")), key -> new ArrayList<>())
                    .add(row);
        }
        return rows.entrySet().stream()
                .map(panel -> new Panel(
                        panel.getKey().get(0),
                        Optional.of(panel.getKey().get(1)).filter(money -> !money.isEmpty()),
                        panel.getValue()))
                .toList();
    }
}
