using FlowEngine.Context;
using static FlowEngine.Context.FlowValue;

namespace FlowEngine.Schema;

/// <summary>The words of JSON Schema (draft 2020-12) that the generated schemas use. Stateless.</summary>
internal static class SchemaText
{
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>What <see cref="Model.Identifier.IsValid"/> checks.</summary>
    public const string IdPattern = @"^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$";

    public static FlowValue Text(string text) => FlowValue.From(text);

    public static FlowValue Ref(string definition, string? description = null) =>
        Object(("description", description is null ? FlowValue.Missing : Text(description)), ("$ref", Text("#/$defs/" + definition)));

    public static FlowValue OfType(string type, string description, params ReadOnlySpan<(string Name, FlowValue Value)> more) =>
        Object([("description", Text(description)), ("type", Text(type)), .. more]);

    /// <summary>When the member <c>type</c> has this value, the object also has to fit that definition.</summary>
    public static FlowValue WhenType(string type, FlowValue then) =>
        Object(
            ("if", Object(("properties", Object(("type", Object(("const", Text(type)))))), ("required", Texts("type")))),
            ("then", then)
        );
}
