package dev.tenantlake.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.etl.rules.Reference;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.rules.TableRules;
import dev.tenantlake.etl.rules.Transitions;
import dev.tenantlake.etl.rules.Uniqueness;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleBookTest {

    @Test
    void asksOfEveryTableWhatSilverCannotDoWithout() {
        RuleBook standard = RuleBook.standard();
        assertThat(SourceTable.ALL)
                .allSatisfy(table -> assertThat(names(standard.of(table)))
                        .contains(table.tenantColumn() + "_missing", "created_at_missing", "created_at_out_of_range"));
        assertThat(names(standard.of(SourceTable.ORDERS)))
                .containsExactly(
                        "tenant_id_missing",
                        "id_missing",
                        "customer_id_missing",
                        "status_missing",
                        "currency_missing",
                        "total_amount_missing",
                        "ordered_at_missing",
                        "ordered_at_out_of_range",
                        "created_at_missing",
                        "created_at_out_of_range",
                        "updated_at_missing",
                        "updated_at_out_of_range",
                        "status_unknown",
                        "currency_malformed",
                        "total_amount_negative");
        assertThat(names(standard.with("tables: {orders: {}}", "file").of(SourceTable.ORDERS)))
                .containsExactly(
                        "tenant_id_missing",
                        "id_missing",
                        "ordered_at_missing",
                        "ordered_at_out_of_range",
                        "created_at_out_of_range",
                        "updated_at_out_of_range");
    }

    @Test
    void knowsWhatMayFollowWhatAndWhatRefersToWhat() {
        TableRules invoices = RuleBook.standard().of(SourceTable.INVOICES);
        Transitions status = invoices.transitions().get(0);
        assertThat(status.rule()).isEqualTo("status_transition");
        assertThat(status.allow("open", "paid")).isTrue();
        assertThat(status.allow("void", "void")).isTrue();
        assertThat(status.allow("void", "open")).isFalse();
        assertThat(status.allow("unheard of", "open")).isTrue();
        assertThat(status.allow(null, "open")).isTrue();
        assertThat(invoices.references())
                .containsExactly(
                        new Reference("customer_id", SourceTable.CUSTOMERS),
                        new Reference("order_id", SourceTable.ORDERS),
                        new Reference("subscription_id", SourceTable.SUBSCRIPTIONS));
        assertThat(invoices.unique()).containsExactly(new Uniqueness(List.of("tenant_id", "order_id")));
    }

    @Test
    void takesAFileInThePlaceOfTheTablesThatItNames() {
        RuleBook rules = RuleBook.standard().with("""
                        min_valid_share: 0.75
                        tables:
                          products:
                            min_valid_share: 0.999
                            rules:
                              stock_odd: {column: stock_quantity, at_least: 0, less_than: 1000000}
                              cost_exceeds_price: {holds: unit_cost <= unit_price}
                              category_unknown: {column: category, one_of: [books, no]}
                        """, "file");
        assertThat(names(rules.of(SourceTable.PRODUCTS)))
                .contains("stock_odd", "cost_exceeds_price", "category_unknown")
                .doesNotContain("unit_price_negative", "sku_missing");
        assertThat(rules.of(SourceTable.PRODUCTS).minValidShare()).isEqualTo(0.999);
        assertThat(rules.of(SourceTable.ORDERS)).satisfies(orders -> {
            assertThat(names(orders)).contains("status_unknown");
            assertThat(orders.transitions()).hasSize(1);
            assertThat(orders.minValidShare()).isEqualTo(0.75);
        });
        assertThat(rules.withMinValidShare(0.5).of(SourceTable.ORDERS).minValidShare())
                .isEqualTo(0.5);
        assertThat(rules.withMinValidShare(0.5).of(SourceTable.PRODUCTS).minValidShare())
                .isEqualTo(0.999);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "tables: {order: {}}                                               | no table order: expected customers, events",
                "tables: {orders: {rule: {}}}                                      | tables.orders.rule is not known: expected",
                "tables: {orders: {rules: {a: {column: prise, at_least: 1}}}}      | names a column prise",
                "tables: {orders: {rules: {a: {column: status}}}}                  | rules.a asks nothing of its column",
                "tables: {orders: {rules: {a: {at_least: 1}}}}                     | rules.a says of no column",
                "tables: {orders: {rules: {a: {}}}}                                | rules.a asks nothing",
                "tables: {orders: {rules: {a: {column: status, at_least: 1}}}}     | expected a column of numbers or dates",
                "tables: {orders: {rules: {a: {column: id, at_least: much}}}}      | at_least is much: expected a number",
                "tables: {orders: {rules: {a: {column: id, at_least: 1.5}}}}       | at_least is 1.5: expected a number",
                "tables: {orders: {rules: {a: {column: ordered_at, at_most: 1}}}}  | expected an instant",
                "tables: {orders: {rules: {a: {column: id, matches: 1}}}}          | matches asks for text",
                "tables: {orders: {rules: {a: {column: status, matches: '['}}}}    | no regular expression",
                "tables: {orders: {rules: {a: {column: status, is: nice}}}}        | expected time_zone",
                "tables: {orders: {rules: {a: {holds: 'status ='}}}}               | holds is no condition",
                "tables: {orders: {transitions: {status: {a: [b]}}}}               | leads to b",
                "tables: {orders: {transitions: {id: {a: []}}}}                    | transitions asks for text",
                "tables: {orders: {references: {customer_id: people}}}             | there is no table people",
                "tables: {orders: {unique: [[nr]]}}                                | names a column nr",
                "tables: {orders: {required: [nr]}}                                | names a column nr",
                "tables: {orders: {min_valid_share: 99}}                           | is 99.0: expected a number from 0 to 1",
                "min_valid_share: all                                              | min_valid_share",
                "tables: {orders: {}, orders: {}}                                  | line 1",
                "tables: {orders: [                                                | line 1",
                "nothing                                                           | has no tables",
                "tables: {orders: 7}                                               | tables.orders",
            })
    void saysInOneLineWhatIsWrongWithAFile(String yaml, String said) {
        assertThatThrownBy(() -> RuleBook.standard().with(yaml, "my.yaml"))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageContaining("my.yaml")
                .hasMessageContaining(said)
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysThatThereIsNoFile() {
        assertThatThrownBy(() -> RuleBook.standard().with(Path.of("no", "such.yaml")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no file no/such.yaml");
    }

    private static List<String> names(TableRules rules) {
        return rules.rows().stream().map(rule -> rule.name()).toList();
    }
}
