package dev.tenantlake.source.shop;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import net.datafaker.Faker;

/** What there is to sell: kinds of goods, with names, tags and prices of the usual size. */
public final class Assortment {

    private static final Map<String, Category> CATEGORIES = byName(
            new Category("tools", "TL", 12, 160, "Hammer", "Drill", "Wrench", "Saw", "Toolbox", "Level", "Clamp"),
            new Category("kitchen", "KI", 8, 120, "Pan", "Kettle", "Knife", "Teapot", "Mug", "Bowl", "Grinder"),
            new Category("furniture", "FU", 60, 900, "Chair", "Table", "Bench", "Shelf", "Desk", "Stool", "Cabinet"),
            new Category("lighting", "LI", 15, 220, "Lamp", "Lantern", "Candle Holder", "Floor Light", "Pendant"),
            new Category("clothing", "CL", 15, 180, "Jacket", "Shirt", "Scarf", "Gloves", "Hat", "Sweater", "Socks"),
            new Category("bags", "BG", 20, 240, "Backpack", "Wallet", "Tote", "Suitcase", "Messenger Bag", "Pouch"),
            new Category("garden", "GA", 6, 140, "Planter", "Rake", "Hose", "Trowel", "Watering Can", "Bird House"),
            new Category("outdoor", "OD", 18, 420, "Tent", "Sleeping Bag", "Stove", "Compass", "Flask", "Hammock"),
            new Category("stationery", "ST", 3, 45, "Notebook", "Pen", "Planner", "Folder", "Sketchbook"),
            new Category("toys", "TY", 6, 90, "Puzzle", "Train Set", "Kite", "Board Game", "Building Blocks"));
    /** With characters that have a meaning in an array, in CSV and in JSON. */
    private static final List<String> TAGS = List.of(
            "new",
            "sale",
            "gift idea",
            "bestseller",
            "eco-friendly",
            "limited edition",
            "2 for 1, online only",
            "the \"classic\"",
            "fragile",
            "handmade");

    private final List<String> colours;
    private final List<String> materials;

    /** An assortment; its words come from datafaker. */
    public Assortment(long seed) {
        Faker faker = new Faker(Locale.US, Dice.of(seed, "assortment", 0).random());
        List<String> drawnColours = new ArrayList<>();
        List<String> drawnMaterials = new ArrayList<>();
        IntStream.range(0, 60).forEach(i -> {
            drawnColours.add(capitalised(faker.color().name()));
            drawnMaterials.add(capitalised(faker.commerce().material()));
        });
        this.colours = List.copyOf(drawnColours);
        this.materials = List.copyOf(drawnMaterials);
    }

    /** The kinds of goods of these names. */
    public static List<Category> categories(List<String> names) {
        return names.stream()
                .map(name -> requireNonNull(CATEGORIES.get(name), name))
                .toList();
    }

    /** A few kinds of goods, as one shop has them. */
    public static List<Category> someCategories(Dice dice) {
        List<Category> all = new ArrayList<>(CATEGORIES.values());
        int kinds = dice.between(2, 4);
        List<Category> chosen = new ArrayList<>();
        for (int i = 0; i < kinds; i++) {
            chosen.add(all.remove(dice.between(0, all.size() - 1)));
        }
        return List.copyOf(chosen);
    }

    /** A thing to sell. */
    public Good good(List<Category> categories, Dice dice) {
        Category category = dice.pick(categories);
        String name = dice.pick(colours) + " " + dice.pick(materials) + " " + dice.pick(category.nouns());
        // As many cheap things as dear ones on a logarithmic scale.
        double dollars = category.lowest() * StrictMath.pow(category.highest() / category.lowest(), dice.fraction());
        return new Good(category, name, dollars);
    }

    /** What the shop says of a thing, from nothing to three tags. */
    public List<String> tags(Dice dice) {
        return IntStream.range(0, dice.between(0, 3))
                .mapToObj(i -> dice.pick(TAGS))
                .distinct()
                .toList();
    }

    private static Map<String, Category> byName(Category... categories) {
        Map<String, Category> byName = new LinkedHashMap<>();
        for (Category category : categories) {
            byName.put(category.name(), category);
        }
        return byName;
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /**
     * A kind of goods.
     *
     * @param code the two letters that its article numbers start with
     * @param lowest the price of the cheapest, in US dollars
     * @param highest the price of the dearest, in US dollars
     */
    public record Category(String name, String code, double lowest, double highest, List<String> nouns) {

        public Category {
            requireNonNull(name, "name");
            requireNonNull(code, "code");
            nouns = List.copyOf(nouns);
        }

        Category(String name, String code, double lowest, double highest, String... nouns) {
            this(name, code, lowest, highest, List.of(nouns));
        }
    }

    /** A thing to sell, and its price in US dollars. */
    public record Good(Category category, String name, double dollars) {

        public Good {
            requireNonNull(category, "category");
            requireNonNull(name, "name");
        }
    }
}
