package dev.tenantlake.source.shop;

import static java.util.Objects.requireNonNull;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.datafaker.Faker;

/**
 * Names, addresses and telephone numbers of people who do not exist. What datafaker knows of a language is drawn once
 * into pools, since a call of it costs as much as twenty rows.
 */
public final class PeopleNames {

    private static final int POOL = 300;
    /** Domains that can never be anybody's: RFC 2606. */
    private static final List<String> DOMAINS = List.of("example.com", "example.org", "example.net");

    private final long seed;
    private final Map<Locale, Pool> pools = new HashMap<>();

    public PeopleNames(long seed) {
        this.seed = seed;
    }

    /** Draws the names of a language now, and not when the first person is asked for. */
    public void prepare(Locale locale) {
        pools.computeIfAbsent(locale, this::pool);
    }

    /**
     * A person.
     *
     * @param number one that no other person of the tenant has; it makes the address unique
     */
    public Person person(Locale locale, long number, Dice dice) {
        Pool pool = pools.computeIfAbsent(locale, this::pool);
        String given = dice.pick(pool.given);
        String family = dice.pick(pool.family);
        String phone = varied(dice.pick(pool.phones), dice);
        String handle = ascii(given + "." + family);
        if (handle.length() < 4) {
            handle = "customer";
        }
        String name = locale.getLanguage().equals("ja") ? family + " " + given : given + " " + family;
        return new Person(name, handle + number + "@" + dice.pick(DOMAINS), Optional.of(phone));
    }

    /** Names of firms, each once; made of English words. */
    public List<String> companies(int count) {
        Faker faker = new Faker(Locale.US, Dice.of(seed, "companies", 0).random());
        return Stream.generate(() -> faker.company().name())
                .limit(count)
                .distinct()
                .toList();
    }

    /** Lower-case ASCII letters and dots: what is left of a name in a mail address. */
    static String ascii(String name) {
        String base = Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss")
                .replace("ø", "o")
                .replace("æ", "ae");
        return base.replaceAll("[^a-z.]", "").replaceAll("^\\.+|\\.+$", "");
    }

    private Pool pool(Locale locale) {
        Faker faker = new Faker(
                locale, Dice.of(seed, "people " + locale.toLanguageTag(), 0).random());
        List<String> given = new ArrayList<>();
        List<String> family = new ArrayList<>();
        List<String> phones = new ArrayList<>();
        IntStream.range(0, POOL).forEach(i -> {
            given.add(faker.name().firstName());
            family.add(faker.name().lastName());
            phones.add(faker.phoneNumber().cellPhone());
        });
        return new Pool(given, family, phones);
    }

    /** The number with other digits at its end. */
    private static String varied(String phone, Dice dice) {
        StringBuilder varied = new StringBuilder(phone);
        int digits = 4;
        for (int i = varied.length() - 1; i >= 0 && digits > 0; i--) {
            if (Character.isDigit(varied.charAt(i))) {
                varied.setCharAt(i, (char) ('0' + dice.between(0, 9)));
                digits--;
            }
        }
        return varied.toString();
    }

    /**
     * Who somebody is: what an analyst does not get to see.
     *
     * @param phone unless the shop was not told
     */
    public record Person(String name, String email, Optional<String> phone) {

        public Person {
            requireNonNull(name, "name");
            requireNonNull(email, "email");
            requireNonNull(phone, "phone");
        }
    }

    private record Pool(List<String> given, List<String> family, List<String> phones) {}
}
