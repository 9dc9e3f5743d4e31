using Amazon.SQS.Model;

namespace SessionReplay.Queues.Sqs;

/// <summary>A message that the service has handed out.</summary>
/// <param name="Message">The message as the client knows it.</param>
/// <param name="At">When it came, a timestamp of the time provider.</param>
internal readonly record struct ReceivedMessage(Message Message, long At);
