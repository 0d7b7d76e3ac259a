using FlowEngine.Context;

namespace FlowEngine.Templates;

/// <summary>What a function makes of a value.</summary>
/// <param name="Value">The result; missing when there is none.</param>
/// <param name="Problem">Why the function cannot take the value, without the value; null when it can.</param>
internal readonly record struct FunctionResult(FlowValue Value, string? Problem)
{
    public static FunctionResult Of(FlowValue value) => new(value, null);

    public static FunctionResult Cannot(string problem) => new(FlowValue.Missing, problem);
}

/// <summary>A function with its arguments: thread-safe, and never given null or missing.</summary>
internal delegate FunctionResult FunctionBody(FlowValue input);

/// <summary>Makes the body for the arguments that a template gives; a problem, and null, when they do not fit.</summary>
internal delegate FunctionBody? FunctionBinder(IReadOnlyList<FlowValue> arguments, out string? problem);

/// <summary>Shared and immutable: a function that may stand behind a path, <c>{{path | function}}</c> (SPEC 4).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Example">How it is called.</param>
/// <param name="Description">What it gives.</param>
/// <param name="Bind">Takes the arguments, when the flow is compiled.</param>
internal sealed record TemplateFunction(string Name, string Example, string Description, FunctionBinder Bind)
{
    /// <summary>Whether what comes out is a part of what went in, with the marks of its own.</summary>
    public bool KeepsParts { get; init; }
}

/// <summary>Shared and immutable: a function as a template calls it.</summary>
internal sealed class FunctionCall(TemplateFunction function, FunctionBody body)
{
    public string Name => function.Name;

    /// <summary>The result. It is marked here, so that no function can forget to.</summary>
    public FunctionResult Apply(FlowValue input)
    {
        var (value, problem) = body(input);
        return new(value.WithSensitive(function.KeepsParts ? input.IsSensitive : input.ContainsSensitive()), problem);
    }
}
