using SessionReplay.Format;
using SessionReplay.Pipeline.Messages;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// One object for each session of a group: deleting a session is deleting what lies under its own prefix
/// (docs/adr/0005-one-object-per-session.md).
/// </summary>
internal sealed class PartPerSession : IPartLayout
{
    public IEnumerable<PlannedPart> Plan(IEnumerable<ParsedMessage> messages) =>
        messages.GroupBy(message => (message.Chunk.Id.SessionRef, message.Chunk.SessionStarted))
            .Select(session =>
                new PlannedPart(BlobPaths.Part(session.Key.SessionRef, session.Key.SessionStarted, Guid.CreateVersion7()), [.. session]));
}
