using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Screens.Components;
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

        var at = definition.Location.At("components");
        var screen = new Screen(definition.Id, types, isCode, problems);
        screen.Read(definition.Json.Get("components"), at, "'components'", depth: 0);
        foreach (var input in screen.Components.OfType<InputComponent>())
            namesOfFlow.Add(input.Name);
        return new CompiledScreen(definition.Id, title, [.. screen.Components], namesOfFlow, takesUndeclared);
    }

    /// <summary>Per screen and single-threaded: the components of a screen, those in containers behind their container.</summary>
    private sealed class Screen(string id, ComponentCatalog types, Predicate<string> isCode, DiagnosticBag problems)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly ShowRuleCompiler _rules = new(problems);
        private int _written;

        public List<ScreenComponent> Components { get; } = [];

        public void Read(FlowValue json, SourceLocation at, string name, int depth)
        {
            if (!json.TryGetArray(out var array))
            {
                if (!json.IsNothing)
                    problems.Error(FlowErrors.Type, at, $"{name} is not an array.", "Write an array here.");
                return;
            }
            _written += array.Count;
            if (_written > FlowLimits.Components)
            {
                problems.Error(
                    FlowErrors.TooLarge,
                    at,
                    $"The screen '{id}' has {_written} components; {FlowLimits.Components} are allowed.",
                    "Split it into several screens."
                );
                return;
            }
            if (depth == 0)
                _rules.Declare(Inputs(json, 0));
            for (var i = 0; i < array.Count; i++)
                Read(array[i], at.At(i), depth);
        }

        private void Read(FlowValue json, SourceLocation at, int depth)
        {
            if (Compile(json, at) is not { } component)
                return;
            var place = Components.Count;
            Components.Add(component);
            if (component is InputComponent input)
                _rules.Passed(input);
            if (component is not Container container)
                return;
            if (depth >= Container.MaxDepth)
                problems.Error(FlowErrors.ContainerDepth, at, $"Containers nest more than {Container.MaxDepth} deep.");
            else
                Read(container.Components, at.At("components"), "'components'", depth + 1);
            Components[place] = container with { Holds = Components.Count - place - 1 };
        }

        private ScreenComponent? Compile(FlowValue json, SourceLocation at)
        {
            if (!json.TryGetObject(out var obj))
            {
                problems.Error(FlowErrors.Type, at, "A component is not an object.", "Write an object here.");
                return null;
            }

            if (TypeOf(obj, at, types, problems) is not { } type)
                return null;
            var component = type.Bind(obj, at, problems, types.KnownSettings);
            if (component.ShowIf is { } showIf && obj.Get("showIf").TryGetObject(out var written))
                component = component with { Rule = _rules.Compile(showIf, written, at.At("showIf")) };
            if (component is InputComponent input)
            {
                if (input.Name.Length > 0 && !Identifier.IsContextKey(input.Name))
                    problems.Error(
                        FlowErrors.Required,
                        at.At("name"),
                        $"The {type.Name} needs a name of letters, digits, '-' and '_'.",
                        "Add \"name\": the input's value is form.<name>."
                    );
                else if (input.Name.Length > 0 && !_names.Add("name " + input.Name))
                    problems.Error(FlowErrors.DuplicateId, at.At("name"), $"The screen already has an input '{input.Name}'.");
                TextLinks.Check(input.Label, at.At("label"), problems);
                TextLinks.Check(input.Help, at.At("help"), problems);
                return isCode(input.Name) ? input with { IsCompared = true } : input;
            }
            if (component is InteractionComponent { Id.Length: > 0 } interaction && !_names.Add("id " + interaction.Id))
                problems.Error(FlowErrors.DuplicateId, at.At("id"), $"The screen already has a button or link '{interaction.Id}'.");
            return component;
        }

        /// <summary>The names of all inputs, those in containers too.</summary>
        private List<string> Inputs(FlowValue json, int depth)
        {
            var found = new List<string>();
            if (depth > Container.MaxDepth || !json.TryGetArray(out var array))
                return found;
            foreach (var component in array)
            {
                var prototype = types.Find(component.Get("type").ToText())?.Prototype;
                if (prototype is InputComponent && component.Get("name").TryGetText(out var name))
                    found.Add(name);
                if (prototype is { HoldsComponents: true })
                    found.AddRange(Inputs(component.Get("components"), depth + 1));
            }
            return found;
        }
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
