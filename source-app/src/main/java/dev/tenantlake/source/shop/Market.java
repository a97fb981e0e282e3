package dev.tenantlake.source.shop;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/**
 * Where a tenant is at home.
 *
 * @param country ISO 3166-1, two letters
 * @param currency ISO 4217, three letters
 * @param timeZone by whose calendar the tenant's days are counted
 * @param locale the language that its customers' names come from
 * @param priceLevel what a thing costs there that costs 1 in the United States, in the market's currency
 */
public record Market(String country, String currency, ZoneId timeZone, Locale locale, double priceLevel) {

    public static final Market UNITED_STATES = of("US", "USD", "America/New_York", "en-US", 1);
    public static final Market GERMANY = of("DE", "EUR", "Europe/Berlin", "de", 0.95);
    public static final Market JAPAN = of("JP", "JPY", "Asia/Tokyo", "ja", 140);
    public static final Market BRAZIL = of("BR", "BRL", "America/Sao_Paulo", "pt-BR", 5);
    public static final Market UNITED_KINGDOM = of("GB", "GBP", "Europe/London", "en-GB", 0.8);
    public static final Market INDIA = of("IN", "INR", "Asia/Kolkata", "en-IN", 60);
    public static final Market AUSTRALIA = of("AU", "AUD", "Australia/Sydney", "en-AU", 1.5);
    public static final Market NORWAY = of("NO", "NOK", "Europe/Oslo", "nb-NO", 11);
    public static final Market CANADA = of("CA", "CAD", "America/Toronto", "en-CA", 1.3);
    public static final Market FRANCE = of("FR", "EUR", "Europe/Paris", "fr", 1);
    public static final Market NEW_ZEALAND = of("NZ", "NZD", "Pacific/Auckland", "en-NZ", 1.6);
    public static final Market MEXICO = of("MX", "MXN", "America/Mexico_City", "es-MX", 18);

    /** Those that the seed knows. */
    public static final List<Market> ALL = List.of(
            UNITED_STATES,
            GERMANY,
            JAPAN,
            BRAZIL,
            UNITED_KINGDOM,
            INDIA,
            AUSTRALIA,
            NORWAY,
            CANADA,
            FRANCE,
            NEW_ZEALAND,
            MEXICO);

    public Market {
        requireNonNull(country, "country");
        requireNonNull(currency, "currency");
        requireNonNull(timeZone, "timeZone");
        requireNonNull(locale, "locale");
    }

    /** The market of a country, or that of the United States if it is none of {@link #ALL}. */
    public static Market ofCountry(String country) {
        return ALL.stream()
                .filter(market -> market.country().equals(country))
                .findFirst()
                .orElse(UNITED_STATES);
    }

    /** The market's money. */
    public Money money() {
        return Money.of(currency);
    }

    private static Market of(String country, String currency, String timeZone, String language, double priceLevel) {
        return new Market(country, currency, ZoneId.of(timeZone), Locale.forLanguageTag(language), priceLevel);
    }
}
