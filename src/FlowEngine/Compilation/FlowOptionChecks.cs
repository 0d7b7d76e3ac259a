using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>Reads what a flow says about its runs as a whole, and checks what the attributes of <see cref="FlowOptions"/> cannot say.
/// Stateless.</summary>
internal static class FlowOptionChecks
{
    private static readonly SettingsDescriptor Settings = SettingsDescriptor.Of(typeof(FlowOptions));

    /// <summary>The options of a flow, complete as far as they are right. Members that are none of them are somebody else's.</summary>
    public static FlowOptions Read(FlowDefinition flow, DiagnosticBag problems)
    {
        var options = (FlowOptions)Settings.BindKnown(flow.Json, flow.Location, problems);
        foreach (var (name, input) in options.Inputs)
        {
            if (!input.Default.IsNothing && !RunInputs.Fits(input.Type, input.Default))
                problems.Error(
                    FlowErrors.Type,
                    flow.Location.At("inputs").At(name).At("default"),
                    $"The default of '{name}' is not of type {RunInputs.NameOf(input.Type)}.",
                    $"Write a value of type {RunInputs.NameOf(input.Type)}."
                );
        }
        if (options.UndeclaredInputs)
            problems.Warning(
                FlowErrors.UndeclaredInputs,
                flow.Location.At("undeclaredInputs"),
                "The flow takes inputs and form names that nobody declared."
            );
        // What was no template at all has been reported, and is empty.
        if (
            options.Reference is { IsLiteral: true } reference
            && (reference != Template.Empty || flow.Json.Get("reference").ToText().Length == 0)
        )
            problems.Error(
                FlowErrors.Value,
                flow.Location.At("reference"),
                "'reference' is the same for every run.",
                "Write a template with a path in it, such as \"{{form.email}}\"."
            );
        return options;
    }
}
