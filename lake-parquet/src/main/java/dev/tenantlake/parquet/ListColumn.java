package dev.tenantlake.parquet;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * A column of lists, of something primitive or of groups of fields that are. It knows how long the lists are; the values
 * lie in a {@link ListLeaf} for each field.
 */
final class ListColumn extends Column {

    /** In the place of a list's size. */
    private static final int NULL = -1;

    private final boolean optional;
    private final List<ListLeaf> leaves;
    private final Column elements;

    /** Of the page's lists. */
    private int[] sizes = new int[16];

    private int rows;
    private int entries;

    /** @param elementLevel how much of a row is there if it has an element, of which nothing more is said */
    private ListColumn(GroupType list, Type element, int elementLevel) {
        super(list);
        this.optional = list.isRepetition(Type.Repetition.OPTIONAL);
        this.leaves = element.isPrimitive()
                ? List.of(new ListLeaf(this, element.asPrimitiveType(), elementLevel))
                : element.asGroupType().getFields().stream()
                        .map(field ->
                                new ListLeaf(this, field.asPrimitiveType(), elementLevel + (isOptional(field) ? 1 : 0)))
                        .toList();
        this.elements = element.isPrimitive() ? leaves.get(0).elements() : new Group(element, leaves);
    }

    /**
     * A column of lists. An element that may be null lies in a group of its own; which group is one, and which an element,
     * is a matter of their names, as <a
     * href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists">Parquet's rules</a> have it.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static ListColumn of(GroupType list) {
        if (!(list.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation)) {
            throw unknown(list);
        }
        Type repeated = list.getType(0);
        Type element = isWrapped(list, repeated) ? repeated.asGroupType().getType(0) : repeated;
        if (!element.isPrimitive()
                && !element.asGroupType().getFields().stream().allMatch(Type::isPrimitive)) {
            throw unknown(list);
        }
        int level = 1 + (isOptional(list) ? 1 : 0) + (element != repeated && isOptional(element) ? 1 : 0);
        return new ListColumn(list, element, level);
    }

    private static boolean isWrapped(GroupType list, Type repeated) {
        return !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().equals(list.getName() + "_tuple");
    }

    private static boolean isOptional(Type type) {
        return type.isRepetition(Type.Repetition.OPTIONAL);
    }

    private static IllegalArgumentException unknown(GroupType list) {
        return new IllegalArgumentException("no column is written as " + list);
    }

    @Override
    public void addNull() {
        if (!optional) {
            throw refused("null");
        }
        add(NULL);
    }

    @Override
    public Column addList(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("a list of " + size + " elements");
        }
        add(size);
        return elements;
    }

    private void add(int size) {
        if (rows == sizes.length) {
            sizes = Arrays.copyOf(sizes, 2 * rows);
        }
        sizes[rows++] = size;
        // One that has no elements stands for itself.
        entries += Math.max(size, 1);
    }

    @Override
    List<LeafColumn> leaves() {
        return List.copyOf(leaves);
    }

    /** How many lists the page has, null among them. */
    int rows() {
        return rows;
    }

    /** How many elements they have, and one for each that has none. */
    int entries() {
        return entries;
    }

    /** How many elements a row's list has; none if it is null. */
    int size(int row) {
        return Math.max(sizes[row], 0);
    }

    /** How much there is of a list without elements: nothing if it is null. */
    int emptyLevel(int row) {
        return optional && sizes[row] != NULL ? 1 : 0;
    }

    @Override
    void reset() {
        leaves.forEach(Column::reset);
        rows = 0;
        entries = 0;
    }

    /** Takes elements that are groups of fields, of which none is null as a whole. */
    private static final class Group extends Column {

        private final List<ListLeaf> fields;

        Group(Type element, List<ListLeaf> fields) {
            super(element);
            this.fields = fields;
        }

        @Override
        public void addNull() {
            throw refused("null");
        }

        @Override
        List<LeafColumn> leaves() {
            return List.copyOf(fields);
        }

        @Override
        void reset() {
            fields.forEach(Column::reset);
        }

        @Override
        public Column field(int index) {
            return fields.get(index).elements();
        }
    }
}
