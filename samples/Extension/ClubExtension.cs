using Acme.Club;
using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Extensions;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.Screens;

[assembly: ProvidesExtension(typeof(ClubExtension))]

namespace Acme.Club;

/// <summary>All that Acme's club brings: everything else, each part says itself.</summary>
public sealed class ClubExtension : FlowEngineExtension
{
    /// <inheritdoc/>
    public override void Register(ExtensionParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        parts
            .Add(ActivityType.Of<ClubTier, ClubTierSettings>((settings, compilation) => new ClubTier(settings, compilation)))
            .Add(
                ConnectorType.Of<Club, ClubSettings>("club", (settings, definition, _) => new Club(settings, definition)) with
                {
                    Label = "Club",
                    Icon = "M12 3l2.7 5.8 6.3.7-4.7 4.3 1.3 6.2-5.6-3.2L6.4 20l1.3-6.2L3 9.5l6.3-.7z",
                    Example = "Acme Club",
                }
            )
            .Add(AuthenticationKind.Of<StampSettings>())
            .Add(ComponentType.Of<Stars>())
            .Add(new StarsRenderer());
    }
}
