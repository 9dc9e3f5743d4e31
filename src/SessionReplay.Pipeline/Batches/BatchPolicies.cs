using SessionReplay.Wire;
using static SessionReplay.Pipeline.Batches.FieldPolicy;

namespace SessionReplay.Pipeline.Batches;

/// <summary>
/// The policies of every message in a batch except <see cref="EventBatch"/> and <see cref="Event"/>, whose fields are messages, ids and
/// numbers.
/// </summary>
internal static class BatchPolicies
{
    public static readonly MessagePolicy Page = new((Text,
    [
        PageContext.UrlFieldNumber, PageContext.TitleFieldNumber, PageContext.ReferrerFieldNumber, PageContext.LanguageFieldNumber,
        PageContext.TimeZoneFieldNumber, PageContext.AppVersionFieldNumber,
    ]));

    public static readonly MessagePolicy Console = new(
        (Text, [ConsoleEvent.LevelFieldNumber, ConsoleEvent.ArgsFieldNumber, ConsoleEvent.StackFieldNumber]));

    public static readonly MessagePolicy Network = new(
        (Text,
        [
            NetworkEvent.MethodFieldNumber, NetworkEvent.UrlFieldNumber, NetworkEvent.InitiatorFieldNumber,
            NetworkEvent.RequestBodyFieldNumber,
            NetworkEvent.ResponseBodyFieldNumber, NetworkEvent.ErrorFieldNumber, NetworkEvent.RequestIdFieldNumber,
        ]),
        (FieldPolicy.Header, [NetworkEvent.RequestHeadersFieldNumber, NetworkEvent.ResponseHeadersFieldNumber]));

    public static readonly MessagePolicy Header = new((Text, [Wire.Header.NameFieldNumber, Wire.Header.ValueFieldNumber]));

    public static readonly MessagePolicy Navigation = new(
        (Text, [NavigationEvent.UrlFieldNumber, NavigationEvent.TitleFieldNumber, NavigationEvent.TypeFieldNumber]));

    public static readonly MessagePolicy Error = new((Text,
    [
        ErrorEvent.MessageFieldNumber, ErrorEvent.NameFieldNumber, ErrorEvent.StackFieldNumber, ErrorEvent.SourceFieldNumber,
        ErrorEvent.FileFieldNumber,
    ]));

    public static readonly MessagePolicy Performance = new(
        (Text, [PerformanceEvent.NameFieldNumber, PerformanceEvent.RatingFieldNumber, PerformanceEvent.TargetFieldNumber]));

    public static readonly MessagePolicy Custom = new(
        (Text, [CustomEvent.NameFieldNumber]), (Json, [CustomEvent.PropertiesJsonFieldNumber]));

    public static readonly MessagePolicy Identify = new(
        (Text, [IdentifyEvent.UserIdFieldNumber, IdentifyEvent.EmailFieldNumber, IdentifyEvent.NameFieldNumber]),
        (Json, [IdentifyEvent.TraitsJsonFieldNumber]));

    public static readonly MessagePolicy Interaction = new(
        (Text, [InteractionEvent.TypeFieldNumber, InteractionEvent.TargetFieldNumber, InteractionEvent.TextFieldNumber]));

    public static readonly MessagePolicy Server = new(
        (Text,
        [
            ServerEvent.TypeFieldNumber, ServerEvent.MessageFieldNumber, ServerEvent.LevelFieldNumber, ServerEvent.TraceIdFieldNumber,
            ServerEvent.RequestIdFieldNumber,
        ]),
        (Json, [ServerEvent.DetailJsonFieldNumber]));

    public static readonly MessagePolicy Gap = new((Text, [GapEvent.ReasonFieldNumber]));
}
