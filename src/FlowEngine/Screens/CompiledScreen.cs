using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: a screen of a compiled flow.</summary>
public sealed class CompiledScreen
{
    private readonly HashSet<string> _declaredInputs;
    private readonly List<string> _interactions;

    internal CompiledScreen(string id, Template title, ScreenComponent[] components, HashSet<string> declaredInputs)
    {
        Id = id;
        Title = title;
        Components = components;
        _interactions = [.. components.Where(component => component.IsInteraction).Select(component => component.Settings.Id)];
        _declaredInputs = declaredInputs;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The title.</summary>
    public Template Title { get; }

    /// <summary>The components, from top to bottom.</summary>
    public IReadOnlyList<ScreenComponent> Components { get; }

    /// <summary>The outcomes: the ids of the buttons and links, in order.</summary>
    public IReadOnlyList<string> Interactions => _interactions;

    /// <summary>What was submitted, with its secrets marked.</summary>
    internal FlowValue WithMarks(FlowValue form)
    {
        if (!form.TryGetObject(out var inputs))
            return FlowValue.From(FlowObject.Empty);
        FlowObjectBuilder? marked = null;
        foreach (var component in Components)
        {
            if (component.IsSensitive && inputs.Get(component.Settings.Name) is { IsMissing: false } value)
                (marked ??= new FlowObjectBuilder(inputs)).Set(component.Settings.Name, value.AsSensitive());
        }
        return FlowValue.From(marked?.Build() ?? inputs);
    }

    /// <summary>Checks a submission and merges its inputs into the form.</summary>
    /// <remarks>An input that this screen does not have cannot overwrite anything: it is taken only when no screen of the flow has it and nothing was
    /// entered under its name before. Otherwise the second screen of a login could replace the address that the first one verified.</remarks>
    internal bool TryAccept(ScreenSubmission submission, FlowValue current, out FlowValue form, out int port, out FlowError? problem)
    {
        form = current;
        problem = null;
        port = _interactions.IndexOf(submission.Interaction);
        if (port < 0)
        {
            problem = FlowError.Of(FlowErrors.Interaction, $"The screen '{Id}' has no button or link '{submission.Interaction}'; it has: {string.Join(", ", Interactions)}.");
            return false;
        }

        if (RunInputs.TooMuch(submission.Form, FlowErrors.ScreenInput) is { } tooMuch)
        {
            problem = tooMuch;
            return false;
        }

        current.TryGetObject(out var before);
        var merged = new FlowObjectBuilder(before ?? FlowObject.Empty);
        submission.Form.TryGetObject(out var given);
        given ??= FlowObject.Empty;

        var wrong = new List<string>();
        foreach (var component in Components)
        {
            if (!component.IsInput)
                continue;
            var value = given.Get(component.Settings.Name);
            if (component.Accept(ref value) is { } message)
                wrong.Add(message);
            else if (!value.IsMissing)
                merged.Set(component.Settings.Name, value);
        }
        if (wrong.Count > 0)
        {
            problem = FlowError.Of(FlowErrors.ScreenInput, string.Join(" ", wrong));
            return false;
        }

        foreach (var (name, value) in given)
        {
            if (!_declaredInputs.Contains(name) && merged.Get(name).IsMissing)
                merged.Set(name, value);
        }
        form = FlowValue.From(merged.Build());
        return true;
    }
}
