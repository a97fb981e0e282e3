package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** An XML element that is built from the outside in: its name, and then either a text or further elements. */
public final class XmlElement {

    private final String name;
    private final List<XmlElement> children = new ArrayList<>();
    private String text = "";
    private String namespace = "";

    public XmlElement(String name) {
        this.name = requireNonNull(name, "name");
    }

    public XmlElement namespace(String uri) {
        this.namespace = requireNonNull(uri, "uri");
        return this;
    }

    /** Adds an element that holds a text. */
    public XmlElement with(String childName, String childText) {
        XmlElement child = new XmlElement(childName);
        child.text = requireNonNull(childText, "childText");
        children.add(child);
        return this;
    }

    public XmlElement with(XmlElement child) {
        children.add(requireNonNull(child, "child"));
        return this;
    }

    /** Adds an element and returns it, to be filled. */
    public XmlElement add(String childName) {
        XmlElement child = new XmlElement(childName);
        children.add(child);
        return child;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    private void write(StringBuilder out) {
        out.append('<').append(name);
        if (!namespace.isEmpty()) {
            out.append(" xmlns=\"").append(namespace).append('"');
        }
        out.append('>');
        escape(out);
        children.forEach(child -> child.write(out));
        out.append("</").append(name).append('>');
    }

    private void escape(StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '\r' -> out.append("&#13;");
                default -> out.append(c);
            }
        }
    }
}
