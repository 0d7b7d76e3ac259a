using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws what went wrong, at its place.</summary>
internal sealed class ErrorMessageRenderer : ComponentRenderer<ErrorMessage>
{
    public override Markup Render(ShownComponent component, ScreenPage screen) => screen.ErrorBox(component.Text("text"));
}
