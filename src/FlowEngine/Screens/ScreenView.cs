using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
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
    /// <exception cref="InvalidOperationException">The run does not wait for a screen.</exception>
    public static FlowValue Of(FlowRun run, ValueEncoder encoder)
    {
        var screen = run.Screen ?? throw new InvalidOperationException("The run does not wait for a screen.");
        return Of(
            screen,
            run.Context,
            encoder.Encode(run.ErrorText),
            encoder,
            isMessage: run.ErrorText.Length > 0 && run.ErrorTextKind == ErrorTextKind.Message
        );
    }

    /// <summary>A screen on its own, with sample values: what the designer
    /// shows while it is edited. Components with errors are left out.</summary>
    /// <param name="screen">The screen of a flow file.</param>
    /// <param name="sample">A context: values by root, such as <c>{ "form": { "email": … } }</c>; missing for an empty one.</param>
    /// <param name="errorText">The message of the last attempt; "" for none.</param>
    /// <param name="problems">Where problems of the screen and the sample go.</param>
    /// <returns>The view as <see cref="Of(FlowRun, ValueEncoder)"/> renders
    /// it, without escapes; missing when there is no screen at all.</returns>
    public static FlowValue Preview(FlowValue screen, FlowValue sample, string errorText, DiagnosticBag problems)
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
            takesUndeclared: false,
            _ => false,
            screens,
            [],
            problems,
            CancellationToken.None
        );
        return Of(screens.Values.First(), context, errorText, ValueEncoder.None);
    }

    private static FlowValue Of(
        CompiledScreen screen,
        RunContext context,
        string errorText,
        ValueEncoder encoder,
        bool isMessage = false
    ) =>
        FlowValue.From(
            Shape.With(
                FlowValue.From(screen.Id),
                screen.Title.EvaluateText(context, encoder),
                FlowValue.From(
                    FlowArray.From(screen.Components.Select(component => RenderComponent(component, context, encoder, isMessage)))
                ),
                FlowValue.From(StateShape.With(VisibleForm(context.Get(ContextRoot.Form)), FlowValue.From(errorText)))
            )
        );

    private static FlowValue RenderComponent(ScreenComponent component, RunContext context, ValueEncoder encoder, bool isMessage)
    {
        var settings = component.Settings;
        var view = new FlowObjectBuilder(8);
        view.Set("type", FlowValue.From(settings.Type));
        SetText(view, "id", settings.Id);
        SetText(view, "name", settings.Name);
        SetTemplate(view, "label", settings.Label, context, encoder);
        // An ErrorMessage may have words of its own for whatever goes wrong; what the flow says here and now goes before them.
        if (!isMessage || component.Type != ComponentType.ErrorMessage)
            SetTemplate(view, "text", settings.Text, context, encoder);
        SetText(view, "variant", settings.Variant);
        SetTemplate(view, "placeholder", settings.Placeholder, context, encoder);
        SetTemplate(view, "default", settings.Default, context, encoder);
        if (component.IsInput)
        {
            view.Set("required", FlowValue.From(settings.Required));
            if (component.IsSensitive)
                view.Set("sensitive", FlowValue.True);
            if (settings.MinLength > 0)
                view.Set("minLength", FlowValue.From(settings.MinLength));
            view.Set("maxLength", FlowValue.From(settings.MaxLength));
            SetText(view, "pattern", settings.Pattern);
        }
        if (settings.Options.Count > 0)
        {
            view.Set(
                "options",
                FlowValue.From(
                    FlowArray.From(
                        settings.Options.Select(option =>
                        {
                            var pair = new FlowObjectBuilder(2);
                            pair.Set("value", FlowValue.From(option.Value));
                            pair.Set("text", FlowValue.From(option.Text.Length > 0 ? option.Text : option.Value));
                            return FlowValue.From(pair.Build());
                        })
                    )
                )
            );
        }
        SetTemplate(view, "href", settings.Href, context, encoder);
        SetTemplate(view, "src", settings.Src, context, encoder);
        SetTemplate(view, "alt", settings.Alt, context, encoder);
        return FlowValue.From(view.Build());
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

    private static void SetText(FlowObjectBuilder view, string name, string text)
    {
        if (text.Length > 0)
            view.Set(name, FlowValue.From(text));
    }

    private static void SetTemplate(FlowObjectBuilder view, string name, Template template, RunContext context, ValueEncoder encoder)
    {
        if (template.Source.Length > 0)
            view.Set(name, template.EvaluateText(context, encoder));
    }
}
