using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>Elsa's short names of .NET types. Stateless.</summary>
internal static class ElsaTypes
{
    /// <summary>The type that holds a value.</summary>
    public static string Of(FlowValue value) =>
        value.Kind switch
        {
            FlowValueKind.String => "String",
            FlowValueKind.Boolean => "Boolean",
            FlowValueKind.Number when value.TryGetInteger(out var number) => number is >= int.MinValue and <= int.MaxValue
                ? "Int32"
                : "Int64",
            FlowValueKind.Number => value.TryGetDecimal(out _) ? "Decimal" : "Double",
            _ => "Object",
        };

    /// <summary>The type of an input that a flow declares.</summary>
    public static string OfInput(string type) =>
        type switch
        {
            "string" => "String",
            "boolean" => "Boolean",
            "integer" => "Int64",
            "number" => "Double",
            "array" => "Object[]",
            "object" => "ObjectDictionary",
            _ => "Object",
        };

    /// <summary>What a flow calls the type of an input.</summary>
    public static string ToInput(string type, bool isArray)
    {
        if (isArray || type.EndsWith("[]", StringComparison.Ordinal) || type.StartsWith("List<", StringComparison.Ordinal))
            return "array";
        return type switch
        {
            "String" => "string",
            "Boolean" => "boolean",
            "Int16" or "Int32" or "Int64" => "integer",
            "Single" or "Double" or "Decimal" => "number",
            "ObjectDictionary" => "object",
            _ => "any",
        };
    }
}
