using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>Compiles the screens of a flow. Stateless.</summary>
internal static class ScreenCompiler
{
    /// <summary>Compiles the screens.</summary>
    /// <param name="definitions">The screens.</param>
    /// <param name="types">The types of components.</param>
    /// <param name="takesUndeclared">See <see cref="FlowOptions.UndeclaredInputs"/>.</param>
    /// <param name="isCode">Whether a code is compared with the input of that name.</param>
    /// <param name="screens">Where they go, by id.</param>
    /// <param name="reads">Where the paths go that each of the screens reads, by its id.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static void Compile(
        IReadOnlyList<ScreenDefinition> definitions,
        ComponentCatalog types,
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
            var screen = CompileScreen(definition, types, namesOfFlow, takesUndeclared, isCode, problems);
            if (!screens.TryAdd(screen.Id, screen))
                problems.Error(FlowErrors.DuplicateId, definition.Location.At("id"), $"There is already a screen '{screen.Id}'.");
            else
                reads.Add(screen.Id, own);
            problems.OnRead = onRead;
        }
    }

    private static CompiledScreen CompileScreen(
        ScreenDefinition definition,
        ComponentCatalog types,
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
            if (CompileComponent(array[i], at.At(i), types, names, isCode, problems) is not { } component)
                continue;
            components.Add(component);
            if (component is InputComponent input)
                namesOfFlow.Add(input.Name);
        }
        return new CompiledScreen(definition.Id, title, [.. components], namesOfFlow, takesUndeclared);
    }

    private static ScreenComponent? CompileComponent(
        FlowValue json,
        SourceLocation at,
        ComponentCatalog types,
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

        if (TypeOf(obj, at, types, problems) is not { } type)
            return null;
        var component = type.Bind(obj, at, problems, types.KnownSettings);
        if (component is InputComponent input)
        {
            if (input.Name.Length > 0 && !Identifier.IsContextKey(input.Name))
                problems.Error(
                    FlowErrors.Required,
                    at.At("name"),
                    $"The {type.Name} needs a name of letters, digits, '-' and '_'.",
                    "Add \"name\": the input's value is form.<name>."
                );
            else if (input.Name.Length > 0 && !names.Add("name " + input.Name))
                problems.Error(FlowErrors.DuplicateId, at.At("name"), $"The screen already has an input '{input.Name}'.");
            return isCode(input.Name) ? input with { IsCompared = true } : input;
        }
        if (component is InteractionComponent { Id.Length: > 0 } interaction && !names.Add("id " + interaction.Id))
            problems.Error(FlowErrors.DuplicateId, at.At("id"), $"The screen already has a button or link '{interaction.Id}'.");
        return component;
    }

    private static ComponentType? TypeOf(FlowObject component, SourceLocation at, ComponentCatalog types, DiagnosticBag problems)
    {
        var value = component.Get("type");
        if (value.IsNothing || (value.TryGetText(out var name) && name.Length == 0))
            problems.Error(FlowErrors.Required, at.At("type"), "'type' is missing.", "Add \"type\": what kind of component it is.");
        else if (name is null)
            problems.Error(FlowErrors.Type, at.At("type"), "'type' is not a text.", "Write a text here.");
        else if (types.Find(name) is { } type)
            return type;
        else
            problems.Error(
                FlowErrors.Value,
                at.At("type"),
                $"There is no component '{name}'.",
                Suggestion.For(name, types.Types.Select(type => type.Name))
            );
        return null;
    }

    private static Template WrongTitle(ScreenDefinition definition, DiagnosticBag problems)
    {
        problems.Error(FlowErrors.Type, definition.Location.At("title"), "'title' is not a text.", "Write a text here.");
        return Template.Empty;
    }
}
