package dev.tenantlake.query.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.Test;

class ReportPageTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final ReportTenant ACME = new ReportTenant("acme", "Acme & Sons", "USD", "America/New_York");
    private static final ReportTenant BETA = new ReportTenant("beta", "Beta", "JPY", "Asia/Tokyo");
    /** What a name would have to hold to become more than text, in an element, an attribute, a script or JSON. */
    private static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><!-- & \0\u2028\\u003c";

    @Test
    void referencesNothingOutsideItself() throws Exception {
        Document page = page(report(List.of(ACME), Answers.revenue("acme|2026-01-01|USD|1|5.00|0.00|5.00")));
        assertThat(page.select(
                        "[src], [srcset], [data], [poster], [action], [background], link, base, object, embed, iframe"))
                .isEmpty();
        assertThat(page.select("[href], [xlink:href]").eachAttr("href"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(reference).matches("#[a-z_]+"));
        assertThat(page.select("a[href]"))
                .allSatisfy(link -> assertThat(page.select(link.attr("href"))).hasSize(1));
        assertThat(page.select("style").html()).doesNotContain("url(", "@import", "@font-face");

        Elements scripts = page.select("script");
        assertThat(scripts).hasSize(3);
        assertThat(scripts.get(0).attr("type")).isEqualTo("application/json");
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; script-src " + hash(scripts.get(1)) + " "
                        + hash(scripts.get(2)));
    }

    @Test
    void bringsTheChartingLibraryWithItsNotice() {
        String library = page(report(List.of(ACME))).select("script").get(1).data();
        assertThat(library)
                .contains("Licensed to the Apache Software Foundation")
                .hasSizeGreaterThan(500_000)
                .doesNotContainIgnoringCase("</script")
                .doesNotContain("<!--");
    }

    @Test
    void showsWhatANameHoldsAndDoesNotRunIt() throws IOException {
        ReportTenant hostile = new ReportTenant("acme", HOSTILE, "USD", "UTC");
        Document page =
                page(report(List.of(hostile), Answers.bestSellers("acme|USD|1|7|S-7|" + HOSTILE + "|toys|1|1|5.00")));
        assertThat(page.select("script")).hasSize(3);
        assertThat(page.select("img, [onerror]")).isEmpty();
        String shown = HOSTILE.replace((char) 0, (char) 0xFFFD);
        assertThat(page.select("h1").first().wholeText()).isEqualTo(shown);
        assertThat(page.select("#best_sellers td").stream().map(Element::wholeText))
                .contains(shown);
        assertThat(page.select(".chart").attr("aria-label")).contains(shown);
        assertThat(charts(page).get(0).at("/labels/0").textValue()).isEqualTo(HOSTILE);
        assertThat(page.select("#charts").get(0).data()).doesNotContain("<", ">", "&");
    }

    @Test
    void saysWhoseFiguresItShowsAndOfWhen() {
        String head = page(new LakeReport(
                        new Principal.Analyst("acme"),
                        NOON,
                        List.of(position(Layer.SILVER, 12), position(Layer.GOLD, 11)),
                        List.of(ACME),
                        Map.of("period", "week"),
                        List.of()))
                .select("header")
                .text();
        assertThat(head)
                .contains(
                        "Acme & Sons",
                        "Tenant acme",
                        "Currency USD",
                        "Time zone America/New_York",
                        "Asked as analyst:acme",
                        "Made 2026-03-01 07:00 America/New_York, 2026-03-01 12:00 UTC",
                        "Silver holds what was committed until 2026-03-01 11:59:30 UTC (epoch 12)",
                        "Gold holds what was committed until 2026-03-01 11:59:30 UTC (epoch 11)",
                        "Parameters period = week");
    }

    @Test
    void showsAllTenantsToTheAdministratorEachByItself() throws IOException {
        Document page = page(report(
                List.of(ACME, BETA),
                Answers.revenue("acme|2026-01-01|USD|1|5.00|0.00|5.00", "beta|2026-01-01|JPY|1|700.00|0.00|700.00")));
        assertThat(page.title()).isEqualTo("All tenants (2): Tenantlake report");
        assertThat(page.select("header tbody tr").eachText())
                .containsExactly("acme Acme & Sons USD America/New_York", "beta Beta JPY Asia/Tokyo");
        assertThat(page.select("#revenue_by_tenant figcaption").eachText())
                .containsExactly("acme, USD Net revenue, refunds, in USD", "beta, JPY Net revenue, refunds, in JPY");
        assertThat(page.select("#revenue_by_tenant thead th").eachText()).startsWith("tenant", "period start");
        assertThat(charts(page)).hasSize(2);
    }

    @Test
    void givesEveryMetricItsQuestionItsChartAndItsFigures() throws IOException {
        Document page = page(report(
                List.of(ACME),
                Answers.revenue("acme|2026-01-01|USD|1234|1234567.50||-5.00"),
                Answers.of(
                        "plan_distribution",
                        "tenant varchar, plan varchar, currency varchar, subscriptions bigint,"
                                + " active_subscriptions bigint, paused_subscriptions bigint",
                        "acme|basic|USD|3|2|1")));
        assertThat(page.select("h2").eachText()).containsExactly("Revenue", "Subscriptions");
        Element revenue = page.select("section#revenue_by_tenant").first();
        assertThat(revenue.select("h3").text()).isEqualTo("Revenue by tenant");
        assertThat(revenue.text())
                .contains("How much did each tenant sell, period by period?", "period: month", "How it is counted");
        assertThat(revenue.select(".chart")).hasSize(1).allSatisfy(chart -> {
            assertThat(chart.attr("role")).isEqualTo("img");
            assertThat(chart.attr("aria-label")).startsWith("Revenue by tenant. Stacked bar chart: net revenue");
        });
        // The only tenant is not named in every row.
        assertThat(revenue.select("thead th").eachText())
                .containsExactly("period start", "currency", "orders", "revenue", "refunds", "net revenue");
        assertThat(revenue.select("tbody td").eachText())
                .containsExactly("2026-01-01", "USD", "1,234", "1,234,567.50", "–", "-5.00");
        assertThat(page.select(".chart").eachAttr("data-chart"))
                .containsExactlyElementsOf(IntStream.range(0, charts(page).size())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void closesATableThatIsLongAndSaysWhereTheRestIs() {
        String[] rows = IntStream.rangeClosed(1, 13)
                .mapToObj(day -> String.format("acme|2026-01-%02d|USD|1|5.00|0.00|5.00", day))
                .toArray(String[]::new);
        MetricAnswer all = Answers.revenue(rows);
        assertThat(page(report(List.of(ACME), all)).select("details.figures[open]"))
                .isEmpty();
        assertThat(page(report(List.of(ACME), Answers.revenue(rows[0])))
                        .select("details.figures[open] summary")
                        .text())
                .isEqualTo("The figures: 1 row");
        MetricAnswer cut = new MetricAnswer(all.metric(), Map.of(), all.columns(), all.rows(), true, 1);
        assertThat(page(report(List.of(ACME), cut))
                        .select("details.figures summary")
                        .text())
                .isEqualTo(
                        "The figures: the first 13 rows; all of them: ./tenantlake query revenue_by_tenant --as analyst:acme");
    }

    @Test
    void saysWhenThereIsNothingToShow() throws IOException {
        Document page = page(report(List.of(ACME), Answers.revenue()));
        assertThat(page.select("#revenue_by_tenant .nothing").text()).isEqualTo("There is nothing to show.");
        assertThat(page.select("#revenue_by_tenant table")).isEmpty();
        assertThat(charts(page)).isEmpty();
    }

    private static LakeReport report(List<ReportTenant> tenants, MetricAnswer... answers) {
        return new LakeReport(
                tenants.size() == 1 ? new Principal.Analyst("acme") : new Principal.Admin(),
                NOON,
                List.of(),
                tenants,
                Map.of(),
                List.of(answers));
    }

    private static LayerPosition position(Layer layer, long epoch) {
        Instant committed = NOON.minusSeconds(30);
        return new LayerPosition(layer, epoch, new Lsn(1), committed, committed, committed, Map.of(), Map.of());
    }

    private static Document page(LakeReport report) {
        return Jsoup.parse(ReportPage.of(report));
    }

    private static JsonNode charts(Document page) throws IOException {
        return LakeJson.mapper().readTree(page.select("#charts").get(0).data());
    }

    private static String hash(Element script) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(script.data().getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
