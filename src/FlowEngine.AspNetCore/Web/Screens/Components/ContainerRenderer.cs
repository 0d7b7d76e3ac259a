using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws what stands in a container, side by side where there is room for it.</summary>
internal sealed class ContainerRenderer : ComponentRenderer<Container>
{
    public override Markup Render(ShownComponent component, ScreenPage screen) =>
        component.Inner.IsEmpty
            ? Markup.Empty
            : Markup.Of(
                $"""
                <div class="fe-group {(component.Text("direction") == "column" ? "fe-column" : "fe-row")}">
                {component.Inner}
                </div>
                """
            );
}
