using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Execution;

/// <summary>
/// Takes from what a run is given the inputs that its flow declares, checks them, fills in defaults and marks the sensitive ones. What is
/// not declared is dropped. Stateless, and linear in what is given.
/// </summary>
internal static class RunInputs
{
    /// <summary>Takes the inputs.</summary>
    /// <param name="options">What the flow declares.</param>
    /// <param name="given">What is given; anything but an object is nothing.</param>
    /// <param name="client">What is taken: <c>client.*</c>.</param>
    /// <param name="dropped">How many of the given names were not taken.</param>
    /// <param name="problem">What does not fit the flow, or null.</param>
    public static bool TryTake(FlowOptions options, FlowValue given, out FlowValue client, out int dropped, out FlowError? problem)
    {
        problem = null;
        given.TryGetObject(out var obj);
        obj ??= FlowObject.Empty;
        List<string>? wrong = null;
        var known = 0;
        var isAsGiven = true;
        foreach (var (name, input) in options.Inputs)
        {
            var value = obj.Get(name);
            if (!value.IsMissing)
                known++;
            if (!value.IsNothing && !Fits(input.Type, value))
                (wrong ??= []).Add($"'{name}' is not of type {NameOf(input.Type)}");
            else if (value.IsNothing && input.Default.IsMissing && input.Required)
                (wrong ??= []).Add($"'{name}' is missing");
            isAsGiven &= value.IsNothing ? input.Default.IsMissing : !input.Sensitive || value.IsSensitive;
        }

        dropped = obj.Count - known;
        client = FlowValue.From(isAsGiven && dropped == 0 ? obj : Take(options, obj, ref dropped));
        if (wrong is not null)
            problem = FlowError.Of(FlowErrors.Input, $"The inputs do not fit the flow: {string.Join(", ", wrong)}.");
        else if (ValueLimits.Check(client, "The inputs") is { } tooMuch)
            problem = FlowError.Of(FlowErrors.Input, tooMuch.Message);
        return problem is null;
    }

    /// <summary>Whether a value is of a declared type.</summary>
    public static bool Fits(InputType type, FlowValue value) =>
        type switch
        {
            InputType.String => value.Kind == FlowValueKind.String,
            InputType.Number => value.Kind == FlowValueKind.Number,
            InputType.Integer => value.TryGetInteger(out _),
            InputType.Boolean => value.Kind == FlowValueKind.Boolean,
            InputType.Object => value.Kind == FlowValueKind.Object,
            InputType.Array => value.Kind == FlowValueKind.Array,
            _ => true,
        };

    /// <summary>A declared type, as flows write it.</summary>
    public static string NameOf(InputType type) => JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    private static FlowObject Take(FlowOptions options, FlowObject given, ref int dropped)
    {
        var taken = new FlowObjectBuilder(options.Inputs.Count);
        foreach (var (name, input) in options.Inputs)
        {
            var value = given.Get(name);
            if (value.IsNothing && !input.Default.IsMissing)
                value = input.Default;
            if (!value.IsMissing)
                taken.Set(name, value.WithSensitive(input.Sensitive));
        }
        if (!options.UndeclaredInputs || dropped == 0)
            return taken.Build();

        // The old way. Nobody said what these are, so they may be secrets.
        var room = FlowOptions.MaxUndeclared;
        foreach (var (name, value) in given)
        {
            if (room == 0 || dropped == 0)
                break;
            if (options.Inputs.ContainsKey(name))
                continue;
            taken.Set(name, value.AsSensitive());
            room--;
            dropped--;
        }
        return taken.Build();
    }
}
