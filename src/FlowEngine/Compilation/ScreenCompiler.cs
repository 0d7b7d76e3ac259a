using System.Text.RegularExpressions;
using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>Compiles the screens of a flow. Stateless.</summary>
internal static class ScreenCompiler
{
    private static readonly SettingsDescriptor Component = SettingsDescriptor.Of(typeof(ComponentSettings));

    /// <summary>Compiles the screens.</summary>
    /// <param name="definitions">The screens.</param>
    /// <param name="takesUndeclared">See <see cref="FlowOptions.UndeclaredInputs"/>.</param>
    /// <param name="isCode">Whether a code is compared with the input of that name.</param>
    /// <param name="screens">Where they go, by id.</param>
    /// <param name="reads">Where the paths go that each of the screens reads, by its id.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static void Compile(
        IReadOnlyList<ScreenDefinition> definitions,
        bool takesUndeclared,
        Predicate<string> isCode,
        Dictionary<string, CompiledScreen> screens,
        Dictionary<string, List<PathRead>> reads,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var onRead = problems.OnRead;
        var namesOfFlow = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (problems.IsHopeless)
                return;
            if (definition.Id.Length > 0 && !Identifier.IsValid(definition.Id))
                problems.Error(FlowErrors.Id, definition.Location.At("id"), $"'{definition.Id}' cannot be a screen's id.");

            var own = new List<PathRead>();
            problems.OnRead = read =>
            {
                own.Add(read);
                onRead?.Invoke(read);
            };
            var screen = CompileScreen(definition, namesOfFlow, takesUndeclared, isCode, problems);
            if (!screens.TryAdd(screen.Id, screen))
                problems.Error(FlowErrors.DuplicateId, definition.Location.At("id"), $"There is already a screen '{screen.Id}'.");
            else
                reads.Add(screen.Id, own);
            problems.OnRead = onRead;
        }
    }

    private static CompiledScreen CompileScreen(
        ScreenDefinition definition,
        HashSet<string> namesOfFlow,
        bool takesUndeclared,
        Predicate<string> isCode,
        DiagnosticBag problems
    )
    {
        var title = definition.Json.Get("title") switch
        {
            { IsNothing: true } => Template.Empty,
            var value when value.TryGetText(out var text) => Template.Parse(text, definition.Location.At("title"), problems),
            _ => WrongTitle(definition, problems),
        };

        var components = new List<ScreenComponent>();
        var at = definition.Location.At("components");
        var json = definition.Json.Get("components");
        if (!json.TryGetArray(out var array))
        {
            if (!json.IsNothing)
                problems.Error(FlowErrors.Type, at, "'components' is not an array.", "Write an array here.");
            array = FlowArray.Empty;
        }
        if (array.Count > FlowLimits.Components)
        {
            problems.Error(
                FlowErrors.TooLarge,
                at,
                $"The screen '{definition.Id}' has {array.Count} components; {FlowLimits.Components} are allowed.",
                "Split it into several screens."
            );
            array = FlowArray.Empty;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < array.Count; i++)
        {
            if (CompileComponent(array[i], at.At(i), names, isCode, problems) is not { } component)
                continue;
            components.Add(component);
            if (component.IsInput)
                namesOfFlow.Add(component.Settings.Name);
        }
        return new CompiledScreen(definition.Id, title, [.. components], namesOfFlow, takesUndeclared);
    }

    private static ScreenComponent? CompileComponent(
        FlowValue json,
        SourceLocation at,
        HashSet<string> names,
        Predicate<string> isCode,
        DiagnosticBag problems
    )
    {
        if (!json.TryGetObject(out var obj))
        {
            problems.Error(FlowErrors.Type, at, "A component is not an object.", "Write an object here.");
            return null;
        }

        var settings = (ComponentSettings)Component.Bind(obj, at, problems);
        if (!Enum.TryParse<ComponentType>(settings.Type, out var type))
            return null;

        var component = new ScreenComponent(settings, type, ParsePattern(settings.Pattern, at, problems), isCode(settings.Name));
        if (component.IsInput)
        {
            if (!Identifier.IsContextKey(settings.Name))
                problems.Error(
                    FlowErrors.Required,
                    at.At("name"),
                    $"The {type} needs a name of letters, digits, '-' and '_'.",
                    "Add \"name\": the input's value is form.<name>."
                );
            else if (!names.Add("name " + settings.Name))
                problems.Error(FlowErrors.DuplicateId, at.At("name"), $"The screen already has an input '{settings.Name}'.");
            if (type == ComponentType.Select && settings.Options.Count == 0)
                problems.Error(
                    FlowErrors.Required,
                    at.At("options"),
                    "The Select has no options.",
                    "Add \"options\": [ { \"value\": …, \"text\": … } ]."
                );
        }
        else if (type == ComponentType.Button && settings.Id.Length == 0)
        {
            problems.Error(
                FlowErrors.Required,
                at.At("id"),
                "The Button has no id.",
                "Add \"id\": it is the outcome that the button leads to."
            );
        }
        if (component.IsInteraction && !names.Add("id " + settings.Id))
            problems.Error(FlowErrors.DuplicateId, at.At("id"), $"The screen already has a button or link '{settings.Id}'.");
        return component;
    }

    private static Regex? ParsePattern(string pattern, SourceLocation at, DiagnosticBag problems)
    {
        // On its own first: "a)|(b" is only well-formed between the anchors, where it means something else.
        if (pattern.Length == 0 || RegexPattern.Parse(pattern, pattern, at.At("pattern"), problems) is null)
            return null;
        return RegexPattern.Parse($@"\A(?:{pattern})\z", pattern, at.At("pattern"), problems);
    }

    private static Template WrongTitle(ScreenDefinition definition, DiagnosticBag problems)
    {
        problems.Error(FlowErrors.Type, definition.Location.At("title"), "'title' is not a text.", "Write a text here.");
        return Template.Empty;
    }
}
