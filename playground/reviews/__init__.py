"""The review desk: every manifest recorded, judged, forecast, approved or refused."""
