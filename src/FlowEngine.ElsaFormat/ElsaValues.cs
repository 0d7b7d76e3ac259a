using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.ElsaFormat;

/// <summary>Maps Elsa's activities that do no more than take a value, WriteLine and SetOutput, to scriptlets that return it: the trace
/// shows it, and an End may give it back. Stateless.</summary>
internal static class ElsaValues
{
    public const string WriteLine = "Elsa.WriteLine";
    public const string SetOutput = "Elsa.SetOutput";

    private const string Done = ElsaNames.Success;

    /// <summary>Maps the activity.</summary>
    /// <returns>False, with the problem reported, when its value has no equal: it is kept as it is.</returns>
    public static bool TryRead(ElsaReading reading, FlowValue node, string id, string origin)
    {
        if (node.Get("type").ToText() == WriteLine)
            return TryAdd(reading, node, id, origin, "text", ElsaHttpRequest.ContextKey(id));

        if (
            !ElsaInput.TryRead(reading, node.Get("outputName"), isOurs: false, origin + "/outputName", out var output)
            || !output.TryGetText(out var name)
            || name.Length == 0
            || name.Contains("{{", StringComparison.Ordinal)
        )
        {
            reading.Error(
                ElsaErrors.Expression,
                origin + "/outputName",
                $"The name of the output that '{id}' sets is not a fixed text.",
                "Write the name as a literal."
            );
            return false;
        }

        if (!TryAdd(reading, node, id, origin, "outputValue", reading.Outputs.KeyOf(name, reading)))
            return false;
        reading.SetsOutput(id, name, origin);
        return true;
    }

    private static bool TryAdd(ElsaReading reading, FlowValue node, string id, string origin, string input, string contextKey)
    {
        if (!ElsaInput.TryRead(reading, node.Get(input), isOurs: false, $"{origin}/{input}", out var value))
            return false;

        var pointer = reading.Add(
            FlowValue.Object(
                ("id", FlowValue.From(id)),
                ("type", FlowValue.From("Scriptlet")),
                ("contextKey", FlowValue.From(contextKey)),
                ("arguments", FlowValue.Object((input, value.IsMissing ? FlowValue.Null : value))),
                ("code", FlowValue.From($"return {input};")),
                ("metadata", ElsaActivityReader.Remainder(node, input, "outputName"))
            ),
            origin,
            isWhole: true
        );
        reading.Map($"{pointer}/arguments/{input}", $"{origin}/{input}", isWhole: true);
        reading.SetPorts(id, new(StringComparer.Ordinal) { [ElsaChart.DefaultPort] = (id, Done) });
        reading.MayEnd(id, Done, origin);
        return true;
    }
}
