using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Execution;

/// <summary>Checks a run's inputs against what the flow declares, and fills in defaults. Inputs that are not declared pass. Stateless.</summary>
internal static class RunInputs
{
    /// <summary>How many inputs a start, or a submission of a screen, may bring.</summary>
    public const int MaxMembers = 1000;

    /// <summary>Why so many values, or such large ones, are not looked at; null when they are.</summary>
    /// <param name="given">What a client brought.</param>
    /// <param name="code">The code of the refusal.</param>
    public static FlowError? TooMuch(FlowValue given, ErrorCode code)
    {
        if (given.TryGetObject(out var members) && members.Count > MaxMembers)
            return FlowError.Of(code, $"There are {members.Count} inputs; {MaxMembers} are allowed.");
        return ValueLimits.Check(given, "The inputs") is { } problem ? FlowError.Of(code, problem.Message) : null;
    }

    public static bool TryCheck(IReadOnlyList<FlowInput> declared, FlowValue given, out FlowValue client, out FlowError? problem)
    {
        client = given;
        problem = TooMuch(given, FlowErrors.Input);
        if (problem is not null)
            return false;
        if (declared.Count == 0)
            return true;

        var wrong = new List<string>();
        given.TryGetObject(out var obj);
        obj ??= FlowObject.Empty;
        FlowObjectBuilder? filled = null;
        foreach (var input in declared)
        {
            var value = obj.Get(input.Name);
            if (value.IsNothing)
            {
                if (!input.Default.IsMissing)
                    (filled ??= new FlowObjectBuilder(obj)).Set(input.Name, input.Default);
                else if (input.Required)
                    wrong.Add($"'{input.Name}' is missing");
            }
            else if (!Fits(input.Type, value))
            {
                wrong.Add($"'{input.Name}' is not of type {input.Type}");
            }
        }

        client = FlowValue.From(filled?.Build() ?? obj);
        if (wrong.Count > 0)
            problem = FlowError.Of(FlowErrors.Input, $"The inputs do not fit the flow: {string.Join(", ", wrong)}.");
        return problem is null;
    }

    /// <summary>Whether a value is of a declared type.</summary>
    public static bool Fits(string type, FlowValue value) => type switch
    {
        "string" => value.Kind == FlowValueKind.String,
        "number" => value.Kind == FlowValueKind.Number,
        "integer" => value.TryGetInteger(out _),
        "boolean" => value.Kind == FlowValueKind.Boolean,
        "object" => value.Kind == FlowValueKind.Object,
        "array" => value.Kind == FlowValueKind.Array,
        _ => true,
    };
}
