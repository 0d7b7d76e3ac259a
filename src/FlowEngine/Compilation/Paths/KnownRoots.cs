using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Compilation.Paths;

/// <summary>What the roots have that are the same everywhere in a flow: the inputs that it declares, the run's own values, and the only
/// members that person, device and
/// error can have. Stateless.</summary>
internal static class KnownRoots
{
    private static readonly Dictionary<string, ValueShape> Fixed = new(StringComparer.Ordinal)
    {
        ["flow"] = Members("id", "version", "runId", "startedAt"),
        ["device"] = Members("ip", "userAgent", "language"),
        ["error"] = Members("activity", "event", "code", "message"),
        ["user"] = ValueShape.Object(
            ("userId", ValueShape.Scalar),
            ("loginId", ValueShape.Scalar),
            ("email", ValueShape.Scalar),
            ("name", ValueShape.Scalar),
            ("customAttributes", ValueShape.Any)
        ),
    };

    /// <summary>What is known of a root; null when it depends on the way.</summary>
    /// <param name="root">The root's name.</param>
    /// <param name="options">What the flow declares.</param>
    public static ValueShape? ShapeOf(string root, FlowOptions options) =>
        root != "client" ? Fixed.GetValueOrDefault(root)
        : options.UndeclaredInputs ? ValueShape.Any
        : ValueShape.Object(options.Inputs.Select(input => (input.Key, ShapeOf(input.Value.Type))));

    private static ValueShape ShapeOf(InputType type) =>
        type switch
        {
            InputType.String or InputType.Number or InputType.Integer or InputType.Boolean => ValueShape.Scalar,
            InputType.Array => ValueShape.List(ValueShape.Any),
            _ => ValueShape.Any,
        };

    private static ValueShape Members(params string[] names) => ValueShape.Object(names.Select(name => (name, ValueShape.Scalar)));
}
