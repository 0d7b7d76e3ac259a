using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;

namespace FlowEngine.Compilation;

/// <summary>Reads an activity's <c>errorHandling</c>: event → mode, or event → <c>{ mode, message }</c> (SPEC 6). Stateless.</summary>
internal static class ErrorHandlingReader
{
    /// <param name="definition">The activity.</param>
    /// <param name="type">Its type.</param>
    /// <param name="hasFirst">Whether it has the type's first outcome, by which an error leaves that is ignored.</param>
    /// <param name="inParallel">Whether it stands inside another one.</param>
    /// <param name="problems">Where problems go.</param>
    public static ErrorRoute[] Read(
        ActivityDefinition definition,
        ActivityAttribute type,
        bool hasFirst,
        bool inParallel,
        DiagnosticBag problems
    )
    {
        var events = type.ErrorEvents;
        var routes = Array.ConvertAll(events, name => new ErrorRoute(name, ErrorMode.Automatic, null, -1));
        var handling = definition.Json.Get("errorHandling");
        if (handling.IsNothing)
            return routes;

        var at = definition.Location.At("errorHandling");
        if (!handling.TryGetObject(out var byEvent))
        {
            problems.Error(
                FlowErrors.Type,
                at,
                "'errorHandling' is not an object.",
                "Write { \"<event>\": \"automatic\" | \"custom\" | \"ignore\" }."
            );
            return routes;
        }

        foreach (var (name, value) in byEvent)
        {
            var index = Array.IndexOf(events, name);
            if (index < 0)
            {
                var advice = Suggestion.For(name, events) ?? $"{definition.Type} has no error events: remove it.";
                problems.Error(FlowErrors.Value, at.At(name), $"{definition.Type} has no error event '{name}'.", advice);
            }
            else if (TryReadMode(value, at.At(name), inParallel, problems, out var mode, out var message))
            {
                if (mode == ErrorMode.Ignore && !type.MayIgnoreErrors)
                {
                    problems.Error(
                        FlowErrors.Value,
                        at.At(name),
                        $"The error '{name}' of {definition.Type} cannot be ignored: nothing was decided.",
                        "Use \"automatic\" or \"custom\"."
                    );
                }
                else if (mode == ErrorMode.Ignore && !hasFirst && !inParallel)
                {
                    problems.Error(
                        FlowErrors.Value,
                        at.At(name),
                        $"The error '{name}' of '{definition.Id}' cannot be ignored: each outcome says what was found, and nothing was.",
                        "Use \"automatic\" or \"custom\"."
                    );
                }
                routes[index] = routes[index] with { Mode = mode, Message = message };
            }
        }
        return routes;
    }

    private static bool TryReadMode(
        FlowValue value,
        SourceLocation at,
        bool inParallel,
        DiagnosticBag problems,
        out ErrorMode mode,
        out string? message
    )
    {
        message = null;
        if (value.Kind == FlowValueKind.Object)
        {
            var text = value.Get("message");
            if (!text.IsNothing && !text.TryGetText(out message))
                problems.Error(FlowErrors.Type, at.At("message"), "'message' is not a text.", "Write a text here.");
            value = value.Get("mode");
            at = at.At("mode");
            if (value.IsMissing)
                value = FlowValue.From("automatic");
        }

        (var known, mode) = (value.TryGetText(out var name) ? name : "") switch
        {
            "automatic" => (true, ErrorMode.Automatic),
            "custom" => (true, ErrorMode.Custom),
            "ignore" => (true, ErrorMode.Ignore),
            _ => (false, default),
        };
        if (!known)
            problems.Error(
                FlowErrors.Value,
                at,
                $"{value} is not a mode of error handling.",
                "Use \"automatic\", \"custom\" or \"ignore\"."
            );
        if (known && inParallel && mode == ErrorMode.Custom)
        {
            problems.Error(
                FlowErrors.Parallel,
                at,
                "An activity inside another has no connections, so its errors cannot be \"custom\".",
                "Use \"ignore\", or set the error event of the activity around it to \"custom\"."
            );
            return false;
        }
        return known;
    }
}
