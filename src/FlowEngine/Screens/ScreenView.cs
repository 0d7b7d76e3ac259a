using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens.Components;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Renders the screen that a run waits for as data: what a terminal
/// prints, a browser draws and the flow API sends. Stateless.</summary>
public static class ScreenView
{
    private static readonly FlowShape Shape = FlowShape.Of("id", "title", "components", "state");
    private static readonly FlowShape StateShape = FlowShape.Of("form", "errorText");

    /// <summary><c>{ id, title, components, state: { form, errorText } }</c>. Sensitive inputs are left out of <c>form</c>, and say
    /// <c>sensitive</c>: what draws them keeps no value of theirs.</summary>
    /// <param name="run">A run that waits.</param>
    /// <param name="encoder">How values in texts are encoded: <see cref="ValueEncoder.Html"/> where the texts become HTML.</param>
    /// <param name="filled">Where it is noted what texts with values in them were made of; null (the default) when nobody wants to
    /// know.</param>
    /// <exception cref="InvalidOperationException">The run does not wait for a screen.</exception>
    public static FlowValue Of(FlowRun run, ValueEncoder encoder, List<FilledText>? filled = null)
    {
        var screen = run.Screen ?? throw new InvalidOperationException("The run does not wait for a screen.");
        return Of(
            screen,
            run.Context,
            encoder.Encode(run.ErrorText),
            encoder,
            filled,
            isMessage: run.ErrorText.Length > 0 && run.ErrorTextKind == ErrorTextKind.Message
        );
    }

    /// <summary>A screen on its own, with sample values: what the designer
    /// shows while it is edited. Components with errors are left out.</summary>
    /// <param name="screen">The screen of a flow file.</param>
    /// <param name="types">The types of components.</param>
    /// <param name="sample">A context: values by root, such as <c>{ "form": { "email": … } }</c>; missing for an empty one.</param>
    /// <param name="errorText">The message of the last attempt; "" for none.</param>
    /// <param name="problems">Where problems of the screen and the sample go.</param>
    /// <param name="filled">Where it is noted what texts with values in them were made of.</param>
    /// <returns>The view as <see cref="Of(FlowRun, ValueEncoder, List{FilledText})"/> renders it, without escapes; missing when there is
    /// no screen at all.</returns>
    public static FlowValue Preview(
        FlowValue screen,
        ComponentCatalog types,
        FlowValue sample,
        string errorText,
        DiagnosticBag problems,
        List<FilledText> filled
    )
    {
        var at = SourceLocation.Root(null);
        if (!screen.TryGetObject(out var json))
        {
            problems.Error(FlowErrors.Type, at, "A screen is an object.");
            return FlowValue.Missing;
        }
        if (SampleRun.Make(sample, TimeProvider.System, problems) is not { } context)
            return FlowValue.Missing;
        var screens = new Dictionary<string, CompiledScreen>(StringComparer.Ordinal);
        ScreenCompiler.Compile(
            [new ScreenDefinition(json.Get("id").TryGetText(out var id) ? id : "", json, at)],
            types,
            takesUndeclared: false,
            _ => false,
            screens,
            [],
            problems,
            CancellationToken.None
        );
        return Of(screens.Values.First(), context, errorText, ValueEncoder.None, filled);
    }

    private static FlowValue Of(
        CompiledScreen screen,
        RunContext context,
        string errorText,
        ValueEncoder encoder,
        List<FilledText>? filled,
        bool isMessage = false
    ) =>
        FlowValue.From(
            Shape.With(
                FlowValue.From(screen.Id),
                ComponentView.TextOf(screen.Title, context, encoder, filled),
                Components(screen, context, encoder, filled, isMessage),
                FlowValue.From(StateShape.With(VisibleForm(context.Get(ContextRoot.Form)), FlowValue.From(errorText)))
            )
        );

    /// <summary>The components that can be shown, in one list: a container says how many of those behind it stand in it (<c>holds</c>), a
    /// component with a condition what is left of it (<c>showIf</c>, see <see cref="ShownRules"/>).</summary>
    private static FlowValue Components(
        CompiledScreen screen,
        RunContext context,
        ValueEncoder encoder,
        List<FilledText>? filled,
        bool isMessage
    )
    {
        var left = screen.Conditions?.Left(context);
        var shown = new List<FlowValue>(screen.Components.Count);
        for (var i = 0; i < screen.Components.Count; i++)
        {
            if (left is not null && left[i] == FlowValue.False)
                continue;
            var component = screen.Components[i];
            var view = new ComponentView(component.Type.Name, context, encoder, filled, isMessage);
            component.Show(view);
            if (component is Container container)
                view.Set(
                    "holds",
                    FlowValue.From(
                        left is null
                            ? container.Holds
                            : Enumerable.Range(i + 1, container.Holds).Count(inner => left[inner] != FlowValue.False)
                    )
                );
            if (left is not null && left[i] != FlowValue.True)
                view.Set("showIf", left[i]);
            shown.Add(view.Build());
        }
        return FlowValue.Array(shown);
    }

    private static FlowValue VisibleForm(FlowValue form)
    {
        var visible = new FlowObjectBuilder();
        if (form.TryGetObject(out var obj))
        {
            foreach (var (name, value) in obj)
            {
                if (!value.ContainsSensitive())
                    visible.Set(name, value);
            }
        }
        return FlowValue.From(visible.Build());
    }
}
