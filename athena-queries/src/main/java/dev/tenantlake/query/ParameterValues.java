package dev.tenantlake.query;

import dev.tenantlake.model.LakeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --param} gives, once for each parameter. */
final class ParameterValues {

    private ParameterValues() {}

    /**
     * The values by the parameters' names.
     *
     * @param given each {@code NAME=VALUE}
     * @throws LakeException of kind {@code WRONG_USAGE} if one is not of that form, or given twice
     */
    static Map<String, String> of(List<String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String parameter : given) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "--param is '" + parameter + "': expected NAME=VALUE such as period=week");
            }
            String name = parameter.substring(0, equals);
            if (values.put(name, parameter.substring(equals + 1)) != null) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE, "--param " + name + " is given twice: expected it once");
            }
        }
        return values;
    }
}
