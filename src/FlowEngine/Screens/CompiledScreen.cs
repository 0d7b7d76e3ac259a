using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what a screen took of a submission.</summary>
/// <param name="Form">The form, with the inputs of the screen.</param>
/// <param name="Port">The index of the button or link.</param>
/// <param name="Dropped">How many names were not taken, because the screen does not have them, or does not show them.</param>
/// <param name="Hidden">The inputs that were not shown; null for none.</param>
internal readonly record struct AcceptedForm(FlowValue Form, int Port, int Dropped, HashSet<string>? Hidden);

/// <summary>Shared and immutable: why a submission was not taken.</summary>
/// <param name="Error">The error, in English.</param>
/// <param name="Problems">What is wrong with each of the inputs; none when it is something else.</param>
internal sealed record Refusal(FlowError Error, IReadOnlyList<InputProblem> Problems);

/// <summary>Shared and immutable: a screen of a compiled flow.</summary>
public sealed class CompiledScreen
{
    private readonly Dictionary<string, InputComponent> _inputs;
    private readonly ScreenComponent[] _components;
    private readonly ShownParts? _conditions;
    private readonly HashSet<string> _namesOfFlow;
    private readonly bool _takesUndeclared;
    private readonly List<string> _interactions;
    private readonly InteractionComponent[] _delayed;

    /// <summary>Makes a screen.</summary>
    /// <param name="id">The id.</param>
    /// <param name="title">The title.</param>
    /// <param name="components">The components.</param>
    /// <param name="namesOfFlow">The names of all inputs of all screens of the flow.</param>
    /// <param name="takesUndeclared">See <see cref="FlowOptions.UndeclaredInputs"/>.</param>
    internal CompiledScreen(string id, Template title, ScreenComponent[] components, HashSet<string> namesOfFlow, bool takesUndeclared)
    {
        Id = id;
        Title = title;
        _components = components;
        _conditions = ShownParts.Of(components);
        _interactions = [.. components.OfType<InteractionComponent>().Select(component => component.Id).Where(id => id.Length > 0)];
        _delayed = [.. components.OfType<InteractionComponent>().Where(component => component.EnabledAt.Source.Length > 0)];
        _inputs = new Dictionary<string, InputComponent>(StringComparer.Ordinal);
        foreach (var component in components.OfType<InputComponent>())
            _inputs.TryAdd(component.Name, component);
        Writes = ContextWrites.Of(
            _inputs.Keys.Select(name => new ContextWrite(
                ContextRoot.Form,
                name,
                ValueShape.Scalar,
                IsCertain: _conditions?.IsAlwaysShown(name) ?? true
            ))
        );
        _namesOfFlow = namesOfFlow;
        _takesUndeclared = takesUndeclared;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The title.</summary>
    public Template Title { get; }

    /// <summary>The components, from top to bottom; those in a container behind it.</summary>
    public IReadOnlyList<ScreenComponent> Components => _components;

    /// <summary>When each of them is shown; null where all are, always.</summary>
    internal ShownParts? Conditions => _conditions;

    /// <summary>Whether a component is shown.</summary>
    /// <param name="component">One of <see cref="Components"/>.</param>
    /// <param name="context">The run's data.</param>
    /// <param name="entered">What stands in the inputs of the screen; missing for one that is not shown.</param>
    public bool IsShown(ScreenComponent component, ReadContext context, Func<string, FlowValue> entered) =>
        _conditions?.IsShown(component, context, entered) ?? true;

    /// <summary>The outcomes: the ids of the buttons and links, in order.</summary>
    public IReadOnlyList<string> Interactions => _interactions;

    /// <summary>The inputs by name.</summary>
    internal IReadOnlyDictionary<string, InputComponent> Inputs => _inputs;

    /// <summary>What a submission writes: the screen's own inputs, and no others.</summary>
    internal ContextWrites Writes { get; }

    /// <summary>Why a button that was pressed cannot be yet; null when it can.</summary>
    /// <param name="interaction">The id of the button.</param>
    /// <param name="context">The values, and the clock.</param>
    internal Refusal? TooEarly(string interaction, ReadContext context)
    {
        if (_delayed.Length == 0 || Array.Find(_delayed, one => one.Id == interaction) is not { } pressed)
            return null;
        if (pressed.SecondsLeft(context) is var left && left == 0)
            return null;
        var label = pressed.Text.EvaluateText(context, ValueEncoder.None).ToText();
        var problem = new InputProblem(pressed.Id, InputErrors.TooEarly.Code, FlowObject.Empty.With("count", FlowValue.From(left)));
        return Refuse(FlowErrors.ScreenInput, problem.Fill(InputErrors.TooEarly.Meaning, label.Length > 0 ? label : pressed.Id)) with
        {
            Problems = [problem],
        };
    }

    /// <summary>What was taken of a submission, as it was given, with its secrets marked: for the trace.</summary>
    /// <param name="given">The submission.</param>
    /// <param name="accepted">What came of it.</param>
    internal FlowValue Taken(FlowValue given, in AcceptedForm accepted)
    {
        var form = accepted.Form;
        if (!given.TryGetObject(out var inputs))
            return FlowValue.From(FlowObject.Empty);
        var taken = new FlowObjectBuilder(_inputs.Count);
        foreach (var (name, value) in inputs)
        {
            if (accepted.Hidden?.Contains(name) == true)
                continue;
            if (_inputs.TryGetValue(name, out var component))
                taken.Set(name, value.WithSensitive(component.IsSensitive));
            else if (_takesUndeclared && form.Get(name) == value)
                taken.Set(name, value.AsSensitive());
        }
        return FlowValue.From(taken.Build());
    }

    /// <summary>
    /// Checks a submission and merges the screen's inputs into the form. A name that the screen does not have is dropped: otherwise
    /// whoever submits the second screen of a login could replace the address that the first one verified. So is an input that is not shown,
    /// by what the submission itself says. Linear in what is given.
    /// </summary>
    internal bool TryAccept(
        ScreenSubmission submission,
        ReadContext context,
        FlowValue current,
        out AcceptedForm accepted,
        out Refusal? refusal
    )
    {
        accepted = default;
        refusal = null;
        var port = _interactions.IndexOf(submission.Interaction);
        if (port < 0)
        {
            refusal = RefuseInteraction(submission.Interaction);
            return false;
        }

        current.TryGetObject(out var before);
        before ??= FlowObject.Empty;
        submission.Form.TryGetObject(out var given);
        given ??= FlowObject.Empty;

        var reading = _conditions?.Begin(context, before);
        var taken = new List<(InputComponent Input, FlowValue Value)>(_inputs.Count);
        List<InputProblem>? wrong = null;
        var known = 0;
        for (var i = 0; i < _components.Length; i++)
        {
            var isShown = reading?.IsShown(i) ?? true;
            if (!isShown && _components[i] is InteractionComponent { Id.Length: > 0 } hidden && hidden.Id == submission.Interaction)
            {
                refusal = RefuseInteraction(submission.Interaction);
                return false;
            }
            if (!isShown || _components[i] is not InputComponent input)
                continue;
            var value = given.Get(input.Name);
            if (!value.IsMissing)
                known++;
            if (input.Accept(value, context, out var converted) is { } problem)
                (wrong ??= []).Add(problem);
            else if (!converted.IsMissing)
                taken.Add((input, converted));
            reading?.Enter(input.Name, converted);
        }

        var form = new FlowObjectBuilder(before.Count + _inputs.Count);
        foreach (var (name, value) in before)
        {
            if (reading?.IsOver(name) != true)
                form.Set(name, value);
        }
        foreach (var (input, value) in taken)
            form.Set(input.Name, value);
        var built = form.Build();
        foreach (var (input, value) in taken)
        {
            if (input.AcceptWith(value, built) is { } problem)
                (wrong ??= []).Add(problem);
        }
        if (wrong is not null)
        {
            refusal = Refuse(
                FlowErrors.ScreenInput,
                string.Join(" ", wrong.Select(problem => _inputs[problem.Name].Describe(problem)))
            ) with
            {
                Problems = wrong,
            };
            return false;
        }

        var dropped = given.Count - known;
        if (_takesUndeclared && dropped > 0)
        {
            form = new FlowObjectBuilder(built);
            dropped -= TakeUndeclared(given, before, form);
            built = form.Build();
        }
        var merged = FlowValue.From(built);
        if (ValueLimits.Check(merged, "What was entered") is { } tooMuch)
        {
            refusal = Refuse(FlowErrors.ScreenInput, tooMuch.Message);
            return false;
        }
        accepted = new AcceptedForm(merged, port, dropped, reading?.Hidden);
        return true;
    }

    private Refusal RefuseInteraction(string interaction) =>
        Refuse(
            FlowErrors.Interaction,
            $"The screen '{Id}' has no button or link '{interaction}'; it has: {string.Join(", ", Interactions)}."
        );

    private static Refusal Refuse(ErrorCode code, string message) => new(FlowError.Of(code, message), []);

    /// <summary>The old way: takes names that no screen of the flow has and under which nothing was entered before. Nobody said what they
    /// are, so they may be secrets.</summary>
    private int TakeUndeclared(FlowObject given, FlowObject before, FlowObjectBuilder form)
    {
        var room = FlowOptions.MaxUndeclared;
        foreach (var name in before.Shape.Names)
        {
            if (!_namesOfFlow.Contains(name))
                room--;
        }
        var taken = 0;
        foreach (var (name, value) in given)
        {
            if (taken >= room)
                break;
            if (_namesOfFlow.Contains(name) || !before.Get(name).IsMissing)
                continue;
            form.Set(name, value.AsSensitive());
            taken++;
        }
        return taken;
    }
}
