using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what a screen took of a submission.</summary>
/// <param name="Form">The form, with the inputs of the screen.</param>
/// <param name="Port">The index of the button or link.</param>
/// <param name="Dropped">How many names were not taken, because the screen does not have them.</param>
internal readonly record struct AcceptedForm(FlowValue Form, int Port, int Dropped);

/// <summary>Shared and immutable: a screen of a compiled flow.</summary>
public sealed class CompiledScreen
{
    private readonly Dictionary<string, ScreenComponent> _inputs;
    private readonly HashSet<string> _namesOfFlow;
    private readonly bool _takesUndeclared;
    private readonly List<string> _interactions;

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
        _interactions = [.. components.Where(component => component.IsInteraction).Select(component => component.Settings.Id)];
        _inputs = new Dictionary<string, ScreenComponent>(StringComparer.Ordinal);
        foreach (var component in components.Where(component => component.IsInput))
            _inputs.TryAdd(component.Settings.Name, component);
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
    internal IReadOnlyDictionary<string, ScreenComponent> Inputs => _inputs;

    /// <summary>What a submission writes: the screen's own inputs, and no others.</summary>
    internal ContextWrites Writes { get; }

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

    /// <summary>Checks a submission and merges the screen's inputs into the form. A name that the screen does not have is dropped:
    /// otherwise whoever submits the second screen of a login could replace the
    /// address that the first one verified. Linear in what is given.</summary>
    internal bool TryAccept(ScreenSubmission submission, FlowValue current, out AcceptedForm accepted, out FlowError? problem)
    {
        accepted = default;
        problem = null;
        var port = _interactions.IndexOf(submission.Interaction);
        if (port < 0)
        {
            problem = FlowError.Of(
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
        List<string>? wrong = null;
        var known = 0;
        foreach (var component in Components)
        {
            if (!component.IsInput)
                continue;
            var value = given.Get(component.Settings.Name);
            if (!value.IsMissing)
                known++;
            if (component.Accept(ref value) is { } message)
                (wrong ??= []).Add(message);
            else if (!value.IsMissing)
                form.Set(component.Settings.Name, value);
        }
        if (wrong is not null)
        {
            problem = FlowError.Of(FlowErrors.ScreenInput, string.Join(" ", wrong));
            return false;
        }

        var dropped = given.Count - known;
        if (_takesUndeclared && dropped > 0)
            dropped -= TakeUndeclared(given, before, form);
        var merged = FlowValue.From(form.Build());
        if (ValueLimits.Check(merged, "What was entered") is { } tooMuch)
        {
            problem = FlowError.Of(FlowErrors.ScreenInput, tooMuch.Message);
            return false;
        }
        accepted = new AcceptedForm(merged, port, dropped);
        return true;
    }

    /// <summary>The old way: takes names that no screen of the flow has and under which nothing
    /// was entered before. Nobody said what they are, so they may be secrets.</summary>
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
