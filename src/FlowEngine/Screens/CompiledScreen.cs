using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what a screen took of a submission.</summary>
/// <param name="Form">The form, with the inputs of the screen.</param>
/// <param name="Port">The index of the button or link.</param>
/// <param name="Dropped">How many names were not taken, because the screen does not have them.</param>
internal readonly record struct AcceptedForm(FlowValue Form, int Port, int Dropped);

/// <summary>Shared and immutable: why a submission was not taken.</summary>
/// <param name="Error">The error, in English.</param>
/// <param name="Problems">What is wrong with each of the inputs; none when it is something else.</param>
internal sealed record Refusal(FlowError Error, IReadOnlyList<InputProblem> Problems);

/// <summary>Shared and immutable: a screen of a compiled flow.</summary>
public sealed class CompiledScreen
{
    private readonly Dictionary<string, InputComponent> _inputs;
    private readonly InputComponent[] _inOrder;
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
        Components = components;
        _interactions = [.. components.OfType<InteractionComponent>().Select(component => component.Id).Where(id => id.Length > 0)];
        _delayed = [.. components.OfType<InteractionComponent>().Where(component => component.EnabledAt.Source.Length > 0)];
        _inputs = new Dictionary<string, InputComponent>(StringComparer.Ordinal);
        _inOrder = [.. components.OfType<InputComponent>()];
        foreach (var component in _inOrder)
            _inputs.TryAdd(component.Name, component);
        Writes = ContextWrites.Of(
            _inputs.Keys.Select(name => new ContextWrite(ContextRoot.Form, name, ValueShape.Scalar, IsCertain: true))
        );
        _namesOfFlow = namesOfFlow;
        _takesUndeclared = takesUndeclared;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The title.</summary>
    public Template Title { get; }

    /// <summary>The components, from top to bottom.</summary>
    public IReadOnlyList<ScreenComponent> Components { get; }

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
    /// <param name="form">The form that came of it.</param>
    internal FlowValue Taken(FlowValue given, FlowValue form)
    {
        if (!given.TryGetObject(out var inputs))
            return FlowValue.From(FlowObject.Empty);
        var taken = new FlowObjectBuilder(_inputs.Count);
        foreach (var (name, value) in inputs)
        {
            if (_inputs.TryGetValue(name, out var component))
                taken.Set(name, value.WithSensitive(component.IsSensitive));
            else if (_takesUndeclared && form.Get(name) == value)
                taken.Set(name, value.AsSensitive());
        }
        return FlowValue.From(taken.Build());
    }

    /// <summary>
    /// Checks a submission and merges the screen's inputs into the form. A name that the screen does not have is dropped: otherwise
    /// whoever submits the second screen of a login could replace the address that the first one verified. Linear in what is given.
    /// </summary>
    internal bool TryAccept(ScreenSubmission submission, FlowValue current, out AcceptedForm accepted, out Refusal? refusal)
    {
        accepted = default;
        refusal = null;
        var port = _interactions.IndexOf(submission.Interaction);
        if (port < 0)
        {
            refusal = Refuse(
                FlowErrors.Interaction,
                $"The screen '{Id}' has no button or link '{submission.Interaction}'; it has: {string.Join(", ", Interactions)}."
            );
            return false;
        }

        current.TryGetObject(out var before);
        before ??= FlowObject.Empty;
        submission.Form.TryGetObject(out var given);
        given ??= FlowObject.Empty;

        var form = new FlowObjectBuilder(before.Count + _inputs.Count);
        foreach (var (name, value) in before)
            form.Set(name, value);
        List<InputProblem>? wrong = null;
        var known = 0;
        foreach (var input in _inOrder)
        {
            var value = given.Get(input.Name);
            if (!value.IsMissing)
                known++;
            if (input.Accept(value, out var taken) is { } problem)
                (wrong ??= []).Add(problem);
            else if (!taken.IsMissing)
                form.Set(input.Name, taken);
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
            dropped -= TakeUndeclared(given, before, form);
        var merged = FlowValue.From(form.Build());
        if (ValueLimits.Check(merged, "What was entered") is { } tooMuch)
        {
            refusal = Refuse(FlowErrors.ScreenInput, tooMuch.Message);
            return false;
        }
        accepted = new AcceptedForm(merged, port, dropped);
        return true;
    }

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
