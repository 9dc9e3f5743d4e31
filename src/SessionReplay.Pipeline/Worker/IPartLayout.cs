using SessionReplay.Pipeline.Messages;

namespace SessionReplay.Pipeline.Worker;

/// <summary>Decides which objects a group's chunks are written to. Readers follow the catalog's locations, whatever the layout.</summary>
internal interface IPartLayout
{
    /// <param name="messages">Those of a group whose chunks travel in the message, in order.</param>
    /// <returns>The objects to write; every message is in one of them.</returns>
    IEnumerable<PlannedPart> Plan(IEnumerable<ParsedMessage> messages);
}
