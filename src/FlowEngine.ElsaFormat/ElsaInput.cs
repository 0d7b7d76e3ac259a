using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.ElsaFormat;

/// <summary>Reads inputs of Elsa activities: <c>{ typeName, expression: { type, value } }</c>, or plain JSON. Stateless.</summary>
internal static class ElsaInput
{
    /// <summary>Whether a member holds an expression.</summary>
    public static bool IsExpression(FlowValue input) => input.Get("expression").Get("type").Kind == FlowValueKind.String;

    /// <summary>The value or template that an input stands for.</summary>
    /// <param name="reading">The file.</param>
    /// <param name="input">The input.</param>
    /// <param name="isOurs">Whether literal texts are templates of ours; otherwise braces in them are only braces.</param>
    /// <param name="pointer">Where it stands, for a report.</param>
    /// <param name="value">The value; missing when there is none.</param>
    /// <returns>Whether the input could be read; otherwise the problem was reported.</returns>
    public static bool TryRead(ElsaReading reading, FlowValue input, bool isOurs, string pointer, out FlowValue value)
    {
        value = input;
        if (input.Kind != FlowValueKind.Object)
        {
            value = input.IsNothing && !isOurs ? FlowValue.Missing : Literal(input, isOurs);
            return true;
        }
        if (!IsExpression(input))
        {
            if (input.Get("typeName").IsMissing || !input.Get("value").IsMissing)
                return true;

            // A C# delegate is written as a type without an expression; an output as one with a memoryReference.
            var isOutput = !input.Get("memoryReference").IsMissing;
            reading.Error(
                ElsaErrors.Expression,
                pointer,
                isOutput
                    ? "An output cannot be bound to a variable here."
                    : "The value was computed by C# code, which does not survive a save in Elsa."
            );
            return false;
        }

        var expression = input.Get("expression");
        var source = expression.Get("value");
        value = expression.Get("type").ToText() switch
        {
            "Literal" => Literal(source, isOurs),
            "Object" or "Json" => Literal(Json(source), isOurs),
            "JavaScript" => ElsaScript.ToTemplate(source.ToText(), reading.Variables),
            "Input" => Path(ElsaVariables.PathOfInput(Name(source, "name"))),
            "Variable" => Path(
                source.Get("id").TryGetText(out var id) ? reading.Variables.PathOfId(id) : reading.Variables.PathOf(Name(source, "name"))
            ),
            _ => FlowValue.Missing,
        };
        if (value.IsMissing && expression.Get("type").ToText() is "Literal" or "Object" or "Json")
            value = FlowValue.Null;
        if (!value.IsMissing)
            return true;

        reading.Error(
            ElsaErrors.Expression,
            pointer,
            $"The {Shorten(expression.Get("type").ToText())} expression '{Shorten(source.ToText())}' cannot be written as a template."
        );
        return false;
    }

    /// <summary>The value that is written out, as it is or as JSON in a text; missing where it is computed.</summary>
    public static FlowValue Written(FlowValue input)
    {
        if (!IsExpression(input))
            return input;
        var expression = input.Get("expression");
        return expression.Get("type").ToText() switch
        {
            "Literal" or "Object" or "Json" => Json(expression.Get("value")),
            _ => FlowValue.Missing,
        };
    }

    public static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");

    private static FlowValue Path(string? path) => path is null ? FlowValue.Missing : FlowValue.From("{{" + path + "}}");

    private static string Name(FlowValue source, string member) => source.TryGetText(out var name) ? name : source.Get(member).ToText();

    /// <summary>Elsa's designer writes objects as JSON in a text.</summary>
    private static FlowValue Json(FlowValue value)
    {
        if (!value.TryGetText(out var text))
            return value;
        try
        {
            return FlowValue.Parse(text);
        }
        catch (JsonException)
        {
            return value;
        }
    }

    /// <summary>In Elsa braces are only braces.</summary>
    private static FlowValue Literal(FlowValue value, bool isOurs)
    {
        if (isOurs)
            return value;
        if (value.TryGetText(out var text))
            return FlowValue.From(text.Replace("{{", "\\{{", StringComparison.Ordinal));
        if (value.TryGetArray(out var array))
            return FlowValue.Array(array.Select(item => Literal(item, isOurs)));
        if (!value.TryGetObject(out var obj))
            return value;
        var members = new FlowObjectBuilder(obj.Count);
        foreach (var (name, member) in obj)
            members.Set(name, Literal(member, isOurs));
        return FlowValue.From(members.Build());
    }
}
